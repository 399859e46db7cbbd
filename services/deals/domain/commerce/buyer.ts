import * as z from 'zod';
import { AccountId, CustomerId, DealId, OrderId } from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { isSame } from '../patch.ts';

/** Who buys: an account, or a customer who belongs to none. */
export const BuyerId = z.union([AccountId, CustomerId]);
export type BuyerId = z.infer<typeof BuyerId>;

/** The first purchase by one way: a customer's first order, or a won deal. */
export const FirstPurchase = z.object({
  /** Whose it is: a customer, or the deal itself. */
  source: z.union([CustomerId, DealId]),
  at: Instant,
  orderId: OrderId.optional(),
  dealId: DealId.optional(),
});
export type FirstPurchase = z.infer<typeof FirstPurchase>;

/** What a buyer's first purchase is worked out from: the earliest of each way, one for each source. */
export const Buyer = z.object({
  id: BuyerId,
  /** The earliest ones, in order. */
  purchases: z.array(FirstPurchase),
  /** There are later ones, which are not kept here. */
  more: z.boolean(),
});
export type Buyer = z.infer<typeof Buyer>;

/** So many are kept: a later one seldom matters, and then they are read again. */
export const MOST_PURCHASES = 10;

export const newBuyer = (id: BuyerId): Buyer => ({ id, purchases: [], more: false });

const byTime = (a: FirstPurchase, b: FirstPurchase): number =>
  `${a.at}${a.source}` < `${b.at}${b.source}` ? -1 : 1;

export const firstOf = ({ purchases }: Buyer): FirstPurchase | undefined => purchases[0];

/**
 * The buyer with what is known of one source, nothing where it bought nothing. The very same object where that is known;
 * any order of the same truths ends in the same first purchase. Where `isShort` says so of the answer, the purchases are
 * to be read anew.
 */
export const withSource = (
  buyer: Buyer,
  source: FirstPurchase['source'],
  purchase: FirstPurchase | undefined,
): Buyer => {
  const before = buyer.purchases.find((each) => each.source === source);
  if (before === undefined && purchase === undefined) return buyer;
  if (before !== undefined && purchase !== undefined && isSame(before, purchase)) return buyer;
  const others = buyer.purchases.filter((each) => each.source !== source);
  const last = others.at(-1);
  // Behind all that is kept, where not all is kept, its place isn't known.
  if (purchase !== undefined && buyer.more && last !== undefined && byTime(last, purchase) < 0)
    return before === undefined ? buyer : { ...buyer, purchases: others };
  const all = [...others, ...(purchase === undefined ? [] : [purchase])].toSorted(byTime);
  const purchases = all.slice(0, MOST_PURCHASES);
  return { ...buyer, purchases, more: buyer.more || all.length > purchases.length };
};

/** Whether later purchases, which aren't kept, are needed to tell the first one. */
export const isShort = ({ purchases, more }: Buyer): boolean => more && purchases.length === 0;
