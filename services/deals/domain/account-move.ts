import * as z from 'zod';
import { AccountId, MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { type Currency, Money } from '../../../shared/money/money.ts';
import { assignmentFor, type Place } from '../../../shared/territories/resolve.ts';
import type { Account } from './account.ts';
import type { AssignmentRules } from './account-assignment.ts';
import type { Deal } from './deal.ts';

const MovePlace = z.object({ territoryId: TerritoryId.optional(), ownerId: MemberId.optional() });

/** What an assignment does, or would do, to one account. */
export const AccountMove = z
  .object({
    accountId: AccountId,
    name: z.string(),
    from: MovePlace,
    to: MovePlace.describe('Empty where no rule fits.'),
    deals: z.int().describe('The account’s open deals, which move with it.'),
    openValue: Money.describe('Of those deals, in the reporting currency, as far as a rate is known.'),
  })
  .meta({ id: 'AccountMove' });
export type AccountMove = z.infer<typeof AccountMove>;

const placeOf = ({ territoryId, ownerId }: Place): z.infer<typeof MovePlace> => ({
  ...(territoryId !== undefined && { territoryId }),
  ...(ownerId !== undefined && { ownerId }),
});

export const isAt = (account: Place, place: Place): boolean =>
  account.territoryId === place.territoryId && account.ownerId === place.ownerId;

/** Where the rules would have an account whose place is theirs to say; undefined where that is where it is. */
export const newPlaceOf = (account: Account, { book, today }: AssignmentRules): Place | undefined => {
  if (account.assignedBy !== 'rule') return undefined;
  const place = placeOf(assignmentFor(book, account, { today, present: account }) ?? {});
  return isAt(account, place) ? undefined : place;
};

export const accountMove = (
  account: Account,
  to: Place,
  { openDeals, reporting }: { readonly openDeals: readonly Deal[]; readonly reporting: Currency },
): AccountMove => ({
  accountId: account.id,
  name: account.name,
  from: placeOf(account),
  to: placeOf(to),
  deals: openDeals.length,
  openValue: {
    amount: openDeals.reduce(
      (sum, { reportingAmount }) =>
        reportingAmount?.currency === reporting ? sum + reportingAmount.amount : sum,
      0,
    ),
    currency: reporting,
  },
});

/** The account’s open deal after the move: its new owner’s, where it was the account’s former owner’s. */
export const movedDeal = (deal: Deal, { from, to }: Pick<AccountMove, 'from' | 'to'>): Deal =>
  deal.ownerId === from.ownerId && to.ownerId !== undefined ? { ...deal, ownerId: to.ownerId } : deal;
