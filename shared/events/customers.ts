import * as z from 'zod';
import { AccountId, CustomerId, DealId, OrderId } from '../ids/id.ts';
import { Instant } from '../time/instant.ts';
import { event } from './contract.ts';

/**
 * When a buyer first bought. A buyer is an account, or a customer of a store whom no account is known for; its id is the
 * event's subject.
 */
const FirstPurchaseState = z.object({
  id: z.union([AccountId, CustomerId]),
  accountId: AccountId.optional(),
  /** The buyer itself, or the account’s customer who bought. */
  customerId: CustomerId.optional(),
  /** Absent: nothing is left that counts as a purchase, or the buyer turned out to be another. */
  at: Instant.optional(),
  /** What was bought: an order or a won deal. */
  orderId: OrderId.optional(),
  dealId: DealId.optional(),
});

export const CustomerFirstPurchased = event({
  service: 'deals',
  name: 'CustomerFirstPurchased',
  major: 1,
  description:
    'A customer bought for the first time; told again, at a higher version, when an earlier purchase comes to light or the first one falls away.',
  data: FirstPurchaseState,
});
