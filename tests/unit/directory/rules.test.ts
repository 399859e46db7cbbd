import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { MemberState, type TeamState, type TerritoryState } from '../../../shared/events/team.ts';
import { derivedId, MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';

const day = (text: string) => Day.parse(text);
const teamId = (name: string) => derivedId(TeamId, name);
const memberId = (name: string) => derivedId(MemberId, name);

const team = (name: string, { parent, manager }: { parent?: string; manager?: string } = {}): TeamState => ({
  id: teamId(name),
  name,
  ...(parent === undefined ? {} : { parentTeamId: teamId(parent) }),
  ...(manager === undefined ? {} : { managerId: memberId(manager) }),
});

const member = (
  name: string,
  memberships: readonly [string, string][] = [],
  over: Partial<MemberState> = {},
) =>
  MemberState.parse({
    id: memberId(name),
    name,
    role: 'rep',
    status: 'active',
    memberships: memberships.map(([name, from]) => ({ teamId: teamId(name), from })),
    territoryIds: [],
    rampMonths: 0,
    ...over,
  });

describe('the team of a member', () => {
  const directory = new DirectorySnapshot();
  const rosa = member('Rosa', [
    ['north', '2026-01-01'],
    ['south', '2026-07-01'],
  ]);

  it('is the one whose membership has begun last', () => {
    expect(directory.teamOf(rosa, day('2026-06-30'))).toBe(teamId('north'));
    expect(directory.teamOf(rosa, day('2026-07-01'))).toBe(teamId('south'));
  });

  it('is the first one before any membership has begun', () => {
    expect(directory.teamOf(rosa, day('2025-01-01'))).toBe(teamId('north'));
  });

  it('does not depend on the order in which memberships are kept', () => {
    const reversed = { memberships: rosa.memberships.toReversed() };
    expect(directory.teamOf(reversed, day('2025-01-01'))).toBe(teamId('north'));
    expect(directory.teamOf(reversed, day('2026-12-01'))).toBe(teamId('south'));
  });

  it('is none for someone who never had one', () => {
    expect(directory.teamOf(member('Freelancer'), day('2026-01-01'))).toBeUndefined();
  });
});

describe('the tree of teams', () => {
  const directory = new DirectorySnapshot({
    teams: [
      team('sales'),
      team('europe', { parent: 'sales' }),
      team('italy', { parent: 'europe' }),
      team('asia', { parent: 'sales' }),
    ],
  });

  it('has a path from a team to the root', () => {
    expect(directory.teamPath(teamId('italy'))).toEqual(['italy', 'europe', 'sales'].map(teamId));
  });

  it('ends a path at a parent that is not known yet', () => {
    const partial = new DirectorySnapshot({ teams: [team('italy', { parent: 'europe' })] });
    expect(partial.teamPath(teamId('italy'))).toEqual(['italy', 'europe'].map(teamId));
  });

  it('has a subtree below each team', () => {
    expect(directory.subtree(teamId('europe'))).toEqual(['europe', 'italy'].map(teamId));
    expect(new Set(directory.subtree(teamId('sales')))).toEqual(
      new Set(['sales', 'europe', 'italy', 'asia'].map(teamId)),
    );
  });

  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  test.prop([fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)))])(
    'never hangs, whatever cycles the parents form',
    (edges) => {
      const parents = new Map(edges);
      const tangled = new DirectorySnapshot({
        teams: names.map((name) => {
          const parent = parents.get(name);
          return team(name, parent === undefined ? {} : { parent });
        }),
      });
      for (const name of names) {
        const path = tangled.teamPath(teamId(name));
        expect(path[0]).toBe(teamId(name));
        expect(new Set(path).size).toBe(path.length);
        for (const ancestor of path) expect(tangled.subtree(ancestor)).toContain(teamId(name));
      }
    },
  );
});

describe('the tree of territories', () => {
  it('has a path from a territory to the root', () => {
    const territory = (name: string, parent?: string): TerritoryState => ({
      id: derivedId(TerritoryId, name),
      name,
      ownerIds: [],
      ...(parent === undefined ? {} : { parentTerritoryId: derivedId(TerritoryId, parent) }),
    });
    const directory = new DirectorySnapshot({
      territories: [territory('world'), territory('italy', 'world')],
    });
    expect(directory.territoryPath(derivedId(TerritoryId, 'italy'))).toEqual(
      ['italy', 'world'].map((name) => derivedId(TerritoryId, name)),
    );
  });
});

describe('the manager of a member', () => {
  const contents = {
    members: [
      member('Rosa', [['italy', '2026-01-01']]),
      member('Marco', [['italy', '2026-01-01']]),
      member('Eva', [['sales', '2026-01-01']]),
    ],
    teams: [team('sales', { manager: 'Eva' }), team('italy', { parent: 'sales', manager: 'Marco' })],
  };
  const directory = new DirectorySnapshot(contents);

  it('is the manager of the team', () => {
    expect(directory.managerOf(memberId('Rosa'), day('2026-05-01'))).toBe(memberId('Marco'));
  });

  it('is, for the manager, the one of the team above', () => {
    expect(directory.managerOf(memberId('Marco'), day('2026-05-01'))).toBe(memberId('Eva'));
  });

  it('is nobody at the top, and for someone unknown or without a team', () => {
    expect(directory.managerOf(memberId('Eva'), day('2026-05-01'))).toBeUndefined();
    expect(directory.managerOf(memberId('Nobody'), day('2026-05-01'))).toBeUndefined();
  });

  it('is the one above when the team’s own has departed', () => {
    const departed = new DirectorySnapshot({
      ...contents,
      members: contents.members.map((each) =>
        each.name === 'Marco' ? { ...each, status: 'departed' as const } : each,
      ),
    });
    expect(departed.managerOf(memberId('Rosa'), day('2026-05-01'))).toBe(memberId('Eva'));
  });
});

describe('looking people up', () => {
  const directory = new DirectorySnapshot({
    members: [member('Mei-Mei  Johns', [], { email: 'Mei@Example.com' }), member('No Mail')],
  });

  it('finds them by name and e-mail without regard to case and doubled spaces', () => {
    expect(directory.membersNamed(' mei-mei johns ').map(({ id }) => id)).toEqual([
      memberId('Mei-Mei  Johns'),
    ]);
    expect(directory.memberByEmail('MEI@example.COM')?.id).toBe(memberId('Mei-Mei  Johns'));
    expect(directory.membersNamed('Nobody')).toEqual([]);
  });

  it('answers the defaults of an organization that was never set up', () => {
    expect(directory.organization).toMatchObject({
      reportingCurrency: 'USD',
      timeZone: 'UTC',
      businessDays: [1, 2, 3, 4, 5],
    });
  });
});
