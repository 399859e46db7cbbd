import { splitByWeights } from '../../../../shared/money/split.ts';
import type { OrderSnapshot, SnapshotRefund } from './order-message.ts';

/**
 * The refunds with the net of those whose delivery told only the whole: the part of the order's net that they are of
 * the order's total, added up to the last minor unit (largest remainder). So money given back in full takes away exactly
 * what the order brought in, and no refund more. Until the order is known they stay as they are.
 */
export const withShares = <R extends SnapshotRefund>(
  refunds: readonly R[],
  order: Pick<OrderSnapshot, 'net' | 'total'> | undefined,
): R[] => {
  const told = refunds.filter((refund) => refund.netIsShare === true);
  if (order === undefined || told.length === 0) return [...refunds];
  const back = told.map(({ total }) => total.amount);
  const kept = Math.max(0, order.total.amount - back.reduce((sum, amount) => sum + amount, 0));
  const shares = splitByWeights(order.net.amount, [...back, kept]);
  const byId = new Map(told.map(({ externalId }, index) => [externalId, shares[index] ?? 0]));
  return refunds.map((refund) => {
    const amount = byId.get(refund.externalId);
    return amount === undefined ? refund : { ...refund, net: { ...refund.net, amount } };
  });
};
