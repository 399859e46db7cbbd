import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { importMember } from '../../../services/team/domain/member-import.ts';
import { makeMember } from '../../../services/team/domain/member.ts';
import type { MemberField } from '../../../services/team/domain/member-kind.ts';
import { Roster } from '../../../services/team/domain/roster.ts';
import type { MemberState, TeamState } from '../../../shared/events/team.ts';
import { derivedId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';

const today = Day.parse('2026-11-23');
const everything = new Set(['teams', 'territories', 'members']);

const person = (name: string, over: Partial<MemberState> = {}): MemberState => ({
  ...makeMember({ id: derivedId(MemberId, 'test', name), name }, today),
  ...over,
});

const importer = (
  { members = [], teams = [] }: { members?: MemberState[]; teams?: TeamState[] } = {},
  createMissing: ReadonlySet<string> = everything,
) => {
  const roster = new Roster({ members, teams, territories: [] });
  const take = (cells: Partial<Record<MemberField, string>>) =>
    importMember(roster, { line: 2, cells }, { createMissing, today });
  const named = (name: string) => roster.members.find(name)[0];
  return { roster, take, named };
};

describe('a row of members', () => {
  it('is one person with the same e-mail address, whose name it brings up to date', () => {
    const { take, named } = importer({ members: [person('R. Bianchi', { email: 'rosa@pastapro.example' })] });
    expect(take({ name: 'Rosa Bianchi', email: 'ROSA@pastapro.example' })).toMatchObject({
      outcome: 'updated',
    });
    expect(named('Rosa Bianchi')?.id).toBe(person('R. Bianchi').id);
    expect(named('R. Bianchi')).toBeUndefined();
  });

  it('gives an address to the person of that name who has none, and is another person otherwise', () => {
    const { take, roster } = importer({
      members: [person('Rosa', { email: 'old@pastapro.example' }), person('Marco')],
    });
    expect(take({ name: 'Marco', email: 'marco@pastapro.example' })).toMatchObject({ outcome: 'updated' });
    expect(take({ name: 'Rosa', email: 'new@pastapro.example' })).toMatchObject({ outcome: 'created' });
    expect(roster.members.find('Rosa')).toHaveLength(2);
    expect(take({ name: 'Rosa' })).toMatchObject({ outcome: 'rejected', field: 'name' });
  });

  it('joins the team from the first day on, and another one from today on', () => {
    const { take, named, roster } = importer();
    take({ name: 'Rosa', team: 'North', startedOn: '2025-03-01' });
    take({ name: 'Rosa', team: 'South', startedOn: '2025-03-01' });
    const [north, south] = ['North', 'South'].map((name) => roster.teams.find(name)[0]?.id);
    expect(named('Rosa')?.memberships).toEqual([
      { teamId: north, from: '2025-03-01' },
      { teamId: south, from: today },
    ]);
  });

  it('makes who manages the team a manager, even if they were a rep before', () => {
    const { take, named, roster } = importer({ members: [person('Eva')] });
    take({ name: 'Rosa', team: 'Sales', manager: 'Eva' });
    expect(named('Eva')).toMatchObject({ role: 'manager', memberships: [{ from: today }] });
    expect(roster.teams.find('sales')[0]?.managerId).toBe(named('Eva')?.id);
    expect(take({ name: 'Eva', team: 'Sales', manager: 'Eva' })).toEqual({ outcome: 'unchanged' });
  });

  it('does not put a second manager at the head of a team', () => {
    const { take, roster } = importer();
    take({ name: 'Rosa', team: 'Sales', manager: 'Eva' });
    const before = roster.revision;
    expect(take({ name: 'Marco', team: 'Sales', manager: 'Ida' })).toMatchObject({
      outcome: 'rejected',
      field: 'manager',
    });
    expect(roster.revision).toBe(before);
  });

  it('does not bring back who has departed', () => {
    const { take } = importer({ members: [person('Rosa', { status: 'departed' })] });
    expect(take({ name: 'Rosa' })).toMatchObject({
      outcome: 'rejected',
      message: expect.stringContaining('departed') as string,
    });
  });

  it('makes only what it is asked to make', () => {
    const { take, roster } = importer({}, new Set());
    expect(take({ name: 'Rosa', team: 'Sales' })).toMatchObject({ outcome: 'rejected', field: 'team' });
    expect(take({ name: 'Rosa', territory: 'South' })).toMatchObject({
      outcome: 'rejected',
      field: 'territory',
    });
    expect(roster.revision).toBe(0);
  });

  it('finds what an earlier import made, although it was renamed since', () => {
    const first = importer();
    first.take({ name: 'Rosa', team: 'Sales' });
    const team = first.roster.teams.find('Sales')[0];
    const rosa = first.named('Rosa');
    if (team === undefined || rosa === undefined) throw new Error('nothing was made');
    const { take } = importer({
      members: [{ ...rosa, name: 'Rosa B.' }],
      teams: [{ ...team, name: 'Field sales' }],
    });
    expect(take({ name: 'Rosa', team: 'Sales' })).toEqual({ outcome: 'unchanged' });
  });

  it('refers to teams by id as well', () => {
    const teams: TeamState[] = [{ id: derivedId(TeamId, 'x'), name: 'Sales' }];
    const { take, named } = importer({ teams }, new Set());
    take({ name: 'Rosa', team: derivedId(TeamId, 'x') });
    expect(named('Rosa')?.memberships[0]?.teamId).toBe(derivedId(TeamId, 'x'));
  });

  const name = fc.constantFrom('Rosa', 'Marco', 'Eva', 'Ida', 'Leo');
  const team = fc.constantFrom('North', 'South');
  const row = fc.record({ name, team, manager: name, territory: team }, { requiredKeys: ['name'] });
  test.prop([fc.array(row, { maxLength: 12 })])('changes nothing when the whole file comes again', (rows) => {
    const { take, roster } = importer();
    // People who are in two teams of one file move with each row; the last row of each person settles it.
    const settled = [...new Map(rows.map((each) => [each.name, each])).values()];
    const first = settled.map(take);
    const before = roster.revision;
    const second = settled.map(take);
    for (const [index, outcome] of first.entries()) {
      expect(second[index]?.outcome).toBe(outcome.outcome === 'rejected' ? 'rejected' : 'unchanged');
    }
    expect(roster.revision).toBe(before);
  });
});
