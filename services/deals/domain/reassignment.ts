import type { MemberId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import type { Account } from './account.ts';
import type { Deal } from './deal.ts';

/** Whether the deal may still change hands: closed ones stay with whoever earned them. */
export const isOpenOf = (deal: Pick<Deal, 'ownerId' | 'status' | 'deleted'>, ownerId: MemberId): boolean =>
  deal.ownerId === ownerId && deal.status === 'open' && !deal.deleted;

/** An open deal of `from`, owned by `to` from now on; shares of the credit stay as they were agreed. Any other stays as it is. */
export const dealHandedOver = <D extends Deal>(
  deal: D,
  { from, to, now }: { readonly from: MemberId; readonly to: MemberId; readonly now: Instant },
): D => (isOpenOf(deal, from) ? { ...deal, ownerId: to, updatedAt: now } : deal);

/** The same for an account. */
export const accountHandedOver = <A extends Account>(
  account: A,
  { from, to, now }: { readonly from: MemberId; readonly to: MemberId; readonly now: Instant },
): A => (account.ownerId === from ? { ...account, ownerId: to, updatedAt: now } : account);
