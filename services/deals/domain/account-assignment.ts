import type { MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { assignmentFor, type Place, type TerritoryBook } from '../../../shared/territories/resolve.ts';
import type { Day } from '../../../shared/time/instant.ts';
import type { Account } from './account.ts';
import { patched } from './patch.ts';

/** The territory rules as they stand, for decisions of one day. */
export interface AssignmentRules {
  readonly book: TerritoryBook;
  readonly today: Day;
}

/** What a change says of whose the account is; null takes it away. */
interface GivenAssignment {
  readonly ownerId?: MemberId | null | undefined;
  readonly territoryId?: TerritoryId | null | undefined;
}

type Decider = 'hand' | 'rules' | 'stays';

/** What the rules go by. */
const facts = ['country', 'region', 'postalCode', 'industry', 'segment', 'annualRevenue'] as const;

/**
 * Who decides whose a new or changed account is. Whoever gives it a territory or an owner decides by hand, for good; whoever
 * takes both away hands it back to the rules; where the rules decided before, they do again once what they go by changes.
 */
export const deciderOf = (
  after: Account,
  { before, given }: { readonly before: Account | undefined; readonly given: GivenAssignment },
): Decider => {
  const isGiven = given.ownerId !== undefined || given.territoryId !== undefined;
  if (before === undefined || isGiven)
    return after.ownerId === undefined && after.territoryId === undefined ? 'rules' : 'hand';
  const changed = facts.some((fact) => before[fact] !== after[fact]);
  return before.assignedBy === 'rule' && changed ? 'rules' : 'stays';
};

/** The account at this place by the rules; the very same object where it is there already. */
export const placedAt = (account: Account, place: Place): Account =>
  patched(account, {
    territoryId: place.territoryId ?? null,
    ownerId: place.ownerId ?? null,
    assignedBy: 'rule',
  });

/** The account where the rules put it: without territory and owner where none fits. */
export const placedByRules = (account: Account, { book, today }: AssignmentRules): Account =>
  placedAt(account, assignmentFor(book, account, { today, present: account }) ?? {});

/** The account as the decider would have it. `rules` are asked only where they decide. */
export const decided = async (
  account: Account,
  decider: Decider,
  rules: () => AssignmentRules | Promise<AssignmentRules>,
): Promise<Account> => {
  switch (decider) {
    case 'hand':
      return patched(account, { assignedBy: 'hand' });
    case 'rules':
      return placedByRules(account, await rules());
    case 'stays':
      return account;
  }
};
