import { territoryPath } from '../directory/rules.ts';
import type { Absence, MemberState, TerritoryState } from '../events/team.ts';
import type { MemberId, TerritoryId } from '../ids/id.ts';
import type { Day } from '../time/instant.ts';
import { accountKeys, type Criterion, misfits, type TerritoryAccount } from './area.ts';
import { misfitText } from './misfit-text.ts';
import { decidingRule, type RankedRule, rankedRules } from './rules.ts';

type Owner = Pick<MemberState, 'id' | 'status' | 'absences'>;

/** Territories with their rules ranked, and those who may own accounts in them. */
export interface TerritoryBook {
  readonly territories: ReadonlyMap<TerritoryId, TerritoryState>;
  readonly members: ReadonlyMap<MemberId, Owner>;
  readonly rules: readonly RankedRule[];
}

export const territoryBook = (
  territories: readonly TerritoryState[],
  members: readonly Owner[],
): TerritoryBook => ({
  territories: new Map(territories.map((territory) => [territory.id, territory])),
  members: new Map(members.map((member) => [member.id, member])),
  rules: rankedRules(territories),
});

export interface Assignment {
  readonly territoryId: TerritoryId;
  /** Absent where nobody active owns or manages the territory, or one above it. */
  readonly ownerId?: MemberId | undefined;
}

/** Whose an account is; neither for one that is nobody’s. */
export interface Place {
  readonly territoryId?: TerritoryId | undefined;
  readonly ownerId?: MemberId | undefined;
}

const isAway = (absences: readonly Absence[] = [], day: Day): boolean =>
  absences.some(({ from, until }) => from <= day && day <= until);

/**
 * Whom accounts of the territory go to today: its first owner who is active and not away, else its first active owner, else
 * its manager; where there is none, likewise of the territory above.
 */
const ownerOn = (book: TerritoryBook, territoryId: TerritoryId, today: Day): MemberId | undefined => {
  for (const id of territoryPath(book.territories, territoryId)) {
    const { ownerIds = [], managerId } = book.territories.get(id) ?? {};
    const active = ownerIds.flatMap((ownerId) => {
      const owner = book.members.get(ownerId);
      return owner?.status === 'active' ? [owner] : [];
    });
    const owner = active.find(({ absences }) => !isAway(absences, today)) ?? active[0];
    if (owner !== undefined) return owner.id;
    if (managerId !== undefined && book.members.get(managerId)?.status === 'active') return managerId;
  }
  return undefined;
};

/**
 * Where the rules put an account; undefined where none fits. An account that stays in its territory stays with its owner
 * as long as that is one of the territory’s active owners: nobody’s holiday moves accounts to and fro.
 */
export const assignmentFor = (
  book: TerritoryBook,
  account: TerritoryAccount,
  { today, present }: { readonly today: Day; readonly present?: Place | undefined },
): Assignment | undefined => {
  const territoryId = decidingRule(book.rules, account)?.territoryId;
  if (territoryId === undefined) return undefined;
  const ownerId = present?.territoryId === territoryId ? present.ownerId : undefined;
  const stays =
    ownerId !== undefined &&
    (book.territories.get(territoryId)?.ownerIds.includes(ownerId) ?? false) &&
    book.members.get(ownerId)?.status === 'active';
  return { territoryId, ownerId: stays ? ownerId : ownerOn(book, territoryId, today) };
};

interface ConsideredRule {
  readonly territoryId: TerritoryId;
  readonly priority: number;
  readonly matches: boolean;
  /** The criteria that did not fit. */
  readonly why: readonly { readonly criterion: Criterion; readonly message: string }[];
}

export interface Resolution {
  readonly territoryId?: TerritoryId;
  readonly ownerId?: MemberId | undefined;
  /** The rule that decided: the first of those considered that matches. */
  readonly rule?: Pick<ConsideredRule, 'territoryId' | 'priority'>;
  /** Every rule, in the order in which they are asked. */
  readonly considered: readonly ConsideredRule[];
}

/** Where the rules put an account that is new, and what each rule says of it. */
export const resolveTerritory = (book: TerritoryBook, account: TerritoryAccount, today: Day): Resolution => {
  const keys = accountKeys(account);
  const considered = book.rules.map(({ territoryId, rule, criteria }): ConsideredRule => {
    const why = misfits(criteria, keys).map((criterion) => ({
      criterion,
      message: misfitText(rule, account, criterion),
    }));
    return { territoryId, priority: rule.priority, matches: why.length === 0, why };
  });
  const assignment = assignmentFor(book, account, { today });
  const deciding = considered.find(({ matches }) => matches);
  if (assignment === undefined || deciding === undefined) return { considered };
  const { territoryId, priority } = deciding;
  return { ...assignment, rule: { territoryId, priority }, considered };
};
