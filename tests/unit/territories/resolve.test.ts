import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { MemberState, TerritoryState } from '../../../shared/events/team.ts';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';
import { assignmentFor, resolveTerritory, territoryBook } from '../../../shared/territories/resolve.ts';
import { Day } from '../../../shared/time/instant.ts';
import { someTerritories, territory, territoryId, universe } from './territories.fixture.ts';

const today = Day.parse('2026-11-23');
const memberId = (name: string) => derivedId(MemberId, name);
const member = (name: string, more: Partial<MemberState> = {}) => ({
  id: memberId(name),
  status: 'active' as const,
  ...more,
});
const away = { absences: [{ from: today, until: today }] };

describe('which territory an account belongs to', () => {
  const italy = territory('Italy', [{ priority: 20, countries: ['Italy'] }]);
  const romagna = territory('Romagna', [
    { priority: 10, countries: ['ITALY'], postalCodePrefixes: ['47', '48 1'], revenue: { from: 1_000 } },
  ]);
  const book = territoryBook([italy, romagna], []);

  it('is said by the first rule that fits, by priority', () => {
    const account = { country: ' italy ', postalCode: '4 8123', annualRevenue: 1_000 };
    expect(resolveTerritory(book, account, today)).toMatchObject({
      territoryId: romagna.id,
      rule: { territoryId: romagna.id, priority: 10 },
      considered: [
        { territoryId: romagna.id, matches: true, why: [] },
        { territoryId: italy.id, matches: true, why: [] },
      ],
    });
  });

  it('comes with the reason why each other rule does not fit', () => {
    const { considered, ...decided } = resolveTerritory(
      book,
      { country: 'France', postalCode: '48', annualRevenue: 999.99 },
      today,
    );
    expect(decided).toEqual({});
    expect(considered).toMatchObject([
      {
        territoryId: romagna.id,
        matches: false,
        why: [
          { criterion: 'country', message: 'must be ITALY; the account’s is France' },
          { criterion: 'postalCode', message: 'must begin with 47, 48 1; the account’s is 48' },
          { criterion: 'revenue', message: 'must be at least 1000; the account’s is 999.99' },
        ],
      },
      { territoryId: italy.id, why: [{ criterion: 'country' }] },
    ]);
  });

  it('is not said by a criterion of which the account tells nothing', () => {
    expect(resolveTerritory(book, {}, today)).toMatchObject({
      considered: [{ matches: false }, { why: [{ message: 'must be Italy; the account’s is not known' }] }],
    });
  });

  it('is, at one priority, said by the rule that asks for more', () => {
    const level = territoryBook(
      [
        territory('Italy', [{ priority: 1, countries: ['Italy'] }]),
        territory('Bars of Italy', [{ priority: 1, countries: ['Italy'], industries: ['bars'] }]),
      ],
      [],
    );
    const account = { country: 'Italy', industry: 'Bars' };
    expect(resolveTerritory(level, account, today).territoryId).toBe(territoryId('Bars of Italy'));
  });

  test.prop([someTerritories, fc.constantFrom(...universe)])(
    'is the same whatever order the territories come in',
    (territories, account) => {
      const resolved = resolveTerritory(territoryBook(territories, []), account, today);
      expect(resolveTerritory(territoryBook(territories.toReversed(), []), account, today)).toEqual(resolved);
    },
  );
});

describe('whom an account goes to', () => {
  const italy: TerritoryState = territory('Italy', [{ priority: 1 }], {
    parentTerritoryId: territoryId('Europe'),
    ownerIds: [memberId('Ada'), memberId('Bob')],
    managerId: memberId('Giulia'),
  });
  const europe = territory('Europe', [], { ownerIds: [memberId('Ezra')], managerId: memberId('Mara') });
  const left = { status: 'departed' as const };

  it.each([
    ['its first owner', [member('Ada'), member('Bob'), member('Giulia')], 'Ada'],
    ['the next owner while the first is away', [member('Ada', away), member('Bob')], 'Bob'],
    ['the first owner while all are away', [member('Ada', away), member('Bob', away)], 'Ada'],
    ['the manager once the owners have left', [member('Ada', left), member('Giulia')], 'Giulia'],
    ['an owner of the territory above once nobody is left', [member('Giulia', left), member('Ezra')], 'Ezra'],
    ['the manager of the territory above', [member('Ezra', left), member('Mara')], 'Mara'],
    ['nobody where nobody is known', [], undefined],
  ])('is %s', (_, members, owner) => {
    const book = territoryBook([italy, europe], members);
    expect(resolveTerritory(book, {}, today)).toMatchObject({ territoryId: italy.id });
    expect(resolveTerritory(book, {}, today).ownerId).toBe(owner && memberId(owner));
  });

  it('stays the same owner while the account stays in the territory and the owner there', () => {
    const present = { territoryId: italy.id, ownerId: memberId('Bob') };
    const ownerOf = (bob: Partial<MemberState>) =>
      assignmentFor(territoryBook([italy], [member('Ada'), member('Bob', bob)]), {}, { today, present })
        ?.ownerId;
    expect(ownerOf(away)).toBe(memberId('Bob'));
    expect(ownerOf(left)).toBe(memberId('Ada'));
  });

  it('is found though territories close a circle', () => {
    const circle = [
      { ...italy, ownerIds: [], managerId: undefined },
      territory('Europe', [], { parentTerritoryId: italy.id }),
    ];
    expect(resolveTerritory(territoryBook(circle, []), {}, today).ownerId).toBeUndefined();
  });
});
