import type { Instant } from '../../../../shared/time/instant.ts';
import type { OrderRecord } from './order.ts';
import type { OrderSnapshot } from './order-message.ts';

/** Cancelled before it was paid for, or at that very moment: it never was a sale. */
const neverSold = ({ paidAt, cancelledAt }: OrderSnapshot): boolean =>
  cancelledAt !== undefined && (paidAt === undefined || Date.parse(cancelledAt) <= Date.parse(paidAt));

/** Whether the order is, or may become, a sale: no test, not deleted, not cancelled before it was paid. */
export const isCounting = (
  order: OrderRecord,
): order is OrderRecord & { readonly snapshot: OrderSnapshot } => {
  const { snapshot, deleted } = order;
  return (
    snapshot !== undefined &&
    !deleted &&
    !snapshot.test &&
    snapshot.creditNote !== true &&
    !neverSold(snapshot)
  );
};

/** Whether it is a sale: paid, and counting. It stays one when it is refunded or cancelled afterwards. */
export const isSold = (
  order: OrderRecord,
): order is OrderRecord & { readonly snapshot: OrderSnapshot & { readonly paidAt: Instant } } =>
  isCounting(order) && order.snapshot.paidAt !== undefined;
