import * as z from 'zod';
import type { AccountId, CustomerId, StoreId } from '../../../../shared/ids/id.ts';
import { isSold } from './order-life.ts';
import { dealOf, type OrderRecord } from './order.ts';

export const OrderStatus = z.enum(['unpaid', 'paid', 'cancelled', 'deleted', 'test']);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** What a list of orders is narrowed to, beside what its index holds. */
export interface OrderFilter {
  readonly storeId?: StoreId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly status?: OrderStatus | undefined;
  /** Text in the number, in any case. */
  readonly number?: string | undefined;
  readonly view?: 'withoutDeal' | undefined;
}

/** What it counts as: the first that holds of deleted, test, cancelled, paid. */
export const statusOf = ({ snapshot, deleted }: OrderRecord): OrderStatus => {
  if (deleted) return 'deleted';
  if (snapshot?.test === true) return 'test';
  if (snapshot?.cancelledAt !== undefined) return 'cancelled';
  return snapshot?.paidAt === undefined ? 'unpaid' : 'paid';
};

export const matchesOrder = (
  order: OrderRecord,
  { storeId, accountId, customerId, status, number, view }: OrderFilter,
): boolean =>
  (storeId === undefined || order.storeId === storeId) &&
  (accountId === undefined || order.accountId === accountId) &&
  (customerId === undefined || order.customerId === customerId) &&
  (status === undefined || statusOf(order) === status) &&
  (number === undefined || order.snapshot?.number.toLowerCase().includes(number.toLowerCase()) === true) &&
  (view === undefined || (isSold(order) && dealOf(order) === undefined));
