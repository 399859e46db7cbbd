import { createHash } from 'node:crypto';
import * as z from 'zod';
import { emailKey } from '../../../../shared/directory/name-key.ts';
import { AccountId, CustomerId, derivedId, OrderId, StoreId } from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { type Identity, IdentityKind } from '../account-identity.ts';
import { isSold } from './order-life.ts';
import type { OrderRecord } from './order.ts';
import type { OrderSnapshot } from './order-message.ts';

/** A paid order of a customer. */
export const Purchase = z.object({ orderId: OrderId, at: Instant });
export type Purchase = z.infer<typeof Purchase>;

export const Customer = z.object({
  id: CustomerId,
  storeId: StoreId,
  /** The platform's id of the customer. */
  externalId: z.string().optional(),
  accountId: AccountId.optional(),
  /** By what the account was found; `hand`: by a person, who also may have said that there is none. */
  matchedBy: z.enum([...IdentityKind.options, 'hand']).optional(),
  /** Personal, as the latest order has it; emptied by erasing. */
  name: z.string().optional(),
  email: z.string().optional(),
  /** The order's time by which name and e-mail address are known. */
  toldAt: Instant.optional(),
  firstOrder: Purchase.optional(),
  lastOrder: Purchase.optional(),
  /** Paid orders, without those that were cancelled or deleted, and tests. */
  ordersCount: z.int().min(0),
  /** Name and address were emptied at the person's wish, and are taken in no more. */
  erasedAt: Instant.optional(),
  createdAt: Instant,
});
export type Customer = z.infer<typeof Customer>;

/** One-way: whether two orders are of one address can be told, and not which address it is. */
const hashOf = (email: string): string => createHash('sha256').update(emailKey(email)).digest('hex');

/**
 * Who ordered, per store: the platform's id, or else the e-mail address, of which only a hash is kept; undefined for a guest
 * who left neither, and is nobody to track.
 */
export const customerIdOf = (storeId: StoreId, snapshot: OrderSnapshot): CustomerId | undefined => {
  const externalId = snapshot.customer?.externalId ?? snapshot.customerExternalId;
  if (externalId !== undefined) return derivedId(CustomerId, storeId, 'external', externalId);
  const email = snapshot.customer?.email;
  return email === undefined ? undefined : derivedId(CustomerId, storeId, 'email', hashOf(email));
};

/**
 * What the account of an order may be found by, the surest first. A store of our own (`custom`) gives its customers the ids that accounts have elsewhere; the other platforms number theirs
 * for themselves: an account knows such an id as `shopify:207119551`.
 */
export const accountClues = (
  { accountRef, customer, customerExternalId }: OrderSnapshot,
  platform: string,
): Identity[] => {
  const externalId = customer?.externalId ?? customerExternalId;
  const clues: readonly (readonly [Identity['kind'], string | undefined])[] = [
    ['externalId', accountRef],
    ['externalId', externalId === undefined ? undefined : `${platform}:${externalId}`],
    ['externalId', platform === 'custom' ? externalId : undefined],
    ['email', customer?.email],
    ['taxId', customer?.taxId],
    // The domain of a mail service for everyone finds nobody.
    ['domain', customer?.email?.split('@')[1]],
  ];
  return clues.flatMap(([kind, value]) => (value === undefined || value === '' ? [] : [{ kind, value }]));
};

/** The order as a purchase; one that is cancelled, deleted, a test or unpaid is none. */
export const purchaseOf = (
  order: OrderRecord | undefined,
): (Purchase & { readonly customerId: NonNullable<OrderRecord['customerId']> }) | undefined =>
  order?.customerId === undefined || !isSold(order) || order.snapshot.cancelledAt !== undefined
    ? undefined
    : { customerId: order.customerId, orderId: order.id, at: order.snapshot.paidAt };

/** By time, and for the same time by id: any fixed order makes every order of arrival end alike. */
export const byTime = (a: Purchase, b: Purchase): number =>
  `${a.at}${a.orderId}` < `${b.at}${b.orderId}` ? -1 : 1;

/**
 * The customer with `added` in place of `removed`. `known` are purchases as they were before: at least the first two and the
 * last two of all.
 */
export const withPurchases = (
  customer: Customer,
  known: readonly Purchase[],
  { removed, added }: { readonly removed?: Purchase | undefined; readonly added?: Purchase | undefined },
): Customer => {
  const left = known.filter(({ orderId, at }) => orderId !== removed?.orderId || at !== removed.at);
  const all = [...left, ...(added === undefined ? [] : [{ orderId: added.orderId, at: added.at }])].toSorted(
    byTime,
  );
  const { firstOrder: _first, lastOrder: _last, ...rest } = customer;
  const [first, last] = [all[0], all.at(-1)];
  return {
    ...rest,
    ordersCount: Math.max(
      0,
      customer.ordersCount - (removed === undefined ? 0 : 1) + (added === undefined ? 0 : 1),
    ),
    ...(first && { firstOrder: first }),
    ...(last && { lastOrder: last }),
  };
};

/** The customer as an order that was written at `toldAt` tells of them; the latest word holds. */
export const asTold = (customer: Customer, { customer: told, updatedAt }: OrderSnapshot): Customer => {
  if (told === undefined || customer.erasedAt !== undefined) return customer;
  if (customer.toldAt !== undefined && customer.toldAt >= updatedAt) return customer;
  const { name, email } = told;
  if (name === undefined && email === undefined) return customer;
  if (name === customer.name && email === customer.email) return customer;
  return {
    ...customer,
    toldAt: updatedAt,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
  };
};

/** The customer without what tells who it is. */
export const erased = (customer: Customer, at: Instant): Customer => {
  const { name: _name, email: _email, toldAt: _told, ...rest } = customer;
  return { ...rest, erasedAt: customer.erasedAt ?? at };
};
