import type { Adjustment } from '../../../../shared/events/deals.ts';
import { AdjustmentId, derivedId, type OrderId } from '../../../../shared/ids/id.ts';
import { convert } from '../../../../shared/money/arithmetic.ts';
import { splitByWeights } from '../../../../shared/money/split.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import type { Deal } from '../deal.ts';
import { reopen, win } from '../deal-steps.ts';
import { isSame } from '../patch.ts';
import type { Pipeline } from '../pipeline.ts';
import { isSold } from './order-life.ts';
import type { OrderRecord } from './order.ts';

interface Circumstances {
  readonly now: Instant;
  /** The deal's own. */
  readonly pipeline: Pipeline;
}

/** Whether the deal stands as the order won it: nobody has closed it in another way since. */
export const isWonBy = ({ status, amount, closedAt, wonByOrder }: Deal, orderId: OrderId): boolean =>
  status === 'won' &&
  wonByOrder?.orderId === orderId &&
  wonByOrder.closedAt === closedAt &&
  wonByOrder.amount === amount.amount;

/** The refund with this id was taken back from a deal as this adjustment. */
const refundAdjustment = (orderId: OrderId, refund: string): AdjustmentId =>
  derivedId(AdjustmentId, 'order-refund', orderId, refund);

/** What the order gives back, by when; a cancellation gives back what is left. Amounts are in the order's currency. */
const givenBack = (
  order: OrderRecord,
): { id: AdjustmentId; amount: number; at: Instant; reason: string }[] => {
  const { id, snapshot, refunds } = order;
  // Nothing is given back of what was never paid.
  if (snapshot === undefined || !isSold(order)) return [];
  const { number, cancelledAt } = snapshot;
  const all = refunds.map(({ externalId, net, at }) => ({
    id: refundAdjustment(id, `refund ${externalId}`),
    amount: net.amount,
    at,
    reason: `Refund of order ${number}`.slice(0, 500),
  }));
  if (cancelledAt !== undefined)
    all.push({
      id: refundAdjustment(id, 'cancellation'),
      amount: Math.max(0, snapshot.net.amount - all.reduce((sum, { amount }) => sum + amount, 0)),
      at: cancelledAt,
      reason: `Cancellation of order ${number}`.slice(0, 500),
    });
  return all.toSorted((a, b) => (`${a.at}${a.id}` < `${b.at}${b.id}` ? -1 : 1));
};

/** The ids of all adjustments that the order may have made. */
const adjustmentsOf = (order: OrderRecord): ReadonlySet<string> =>
  new Set([
    ...order.refunds.map(({ externalId }) => refundAdjustment(order.id, `refund ${externalId}`)),
    refundAdjustment(order.id, 'cancellation'),
  ]);

/** The order's part of the deal that an amount of the order is: the very same in the same currency, in proportion else. */
const inDeal = (amount: number, { snapshot }: OrderRecord, deal: Deal): number => {
  const whole = snapshot?.net.amount ?? 0;
  if (snapshot?.currency === deal.amount.currency) return amount;
  const given = Math.min(amount, whole);
  return splitByWeights(deal.amount.amount, [given, whole - given])[0] ?? 0;
};

const valued = (deal: Deal, amount: number): Pick<Adjustment, 'amount' | 'reportingAmount'> => {
  const money = { amount, currency: deal.amount.currency };
  const rate = deal.frozenRate;
  // Without a rate the deal is about to be frozen, and its adjustments with it.
  return { amount: money, reportingAmount: rate ? convert(money, rate.rate, rate.currency) : money };
};

/** The deal's adjustments with those that the order's refunds are, at most what is left of the deal. */
const adjusted = (deal: Deal, order: OrderRecord): Adjustment[] => {
  const own = adjustmentsOf(order);
  const others = deal.adjustments.filter(({ id }) => !own.has(id));
  let left = others.reduce((sum, each) => sum + each.amount.amount, deal.amount.amount);
  const from = deal.closedAt;
  const made = givenBack(order).flatMap(({ id, amount, at, reason }): Adjustment[] => {
    const taken = Math.min(left, inDeal(amount, order, deal));
    if (taken <= 0) return [];
    left -= taken;
    // Nothing is given back before it was earned.
    const date = from !== undefined && at < from ? from : at;
    const before = deal.adjustments.find((known) => known.id === id);
    const next = { ...before, id, kind: 'refund' as const, ...valued(deal, -taken), at: date, reason };
    return [before !== undefined && isSame(before, next) ? before : next];
  });
  // Each in its place, so that the orders of a deal don’t put them about in turns.
  const anew = new Map(made.map((each) => [each.id, each]));
  const known = new Set(deal.adjustments.map(({ id }) => id));
  return [
    ...deal.adjustments.flatMap((each) => (own.has(each.id) ? (anew.get(each.id) ?? []) : each)),
    ...made.filter(({ id }) => !known.has(id)),
  ];
};

const withAdjustments = (deal: Deal, adjustments: Adjustment[], now: Instant): Deal =>
  isSame(deal.adjustments, adjustments) ? deal : { ...deal, adjustments, updatedAt: now };

const wonWith = (deal: Deal, order: OrderRecord, { now, pipeline }: Circumstances): Deal => {
  if (!isSold(order)) return deal;
  const { paidAt, net } = order.snapshot;
  const { wonByOrder } = deal;
  const isDone = wonByOrder?.paidAt === paidAt && wonByOrder.amount === net.amount;
  if (deal.status === 'won' && (isDone || !isWonBy(deal, order.id))) return deal;
  const own = adjustmentsOf(order);
  const bare = { ...deal, adjustments: deal.adjustments.filter(({ id }) => !own.has(id)) };
  // The platform's clock may be a little ahead of ours.
  const at = paidAt > now ? now : paidAt;
  const open =
    deal.status === 'open'
      ? bare
      : { ...reopen(bare, { reason: 'order', now, pipeline }), stageHistory: deal.stageHistory };
  const { reopenReason: _reason, ...rest } = open;
  const kept = deal.reopenReason === undefined ? rest : { ...rest, reopenReason: deal.reopenReason };
  return {
    ...win(kept, { at, now, amount: net }),
    wonByOrder: { orderId: order.id, paidAt, closedAt: at, amount: net.amount },
  };
};

/**
 * The deal with an order that belongs to it: won by it if it is open and the order is paid, kept level with an order that
 * won it, less what was refunded. The very same object where all of that holds already.
 * @throws Unprocessable where it can't be won for the order's amount
 */
export const withOrder = (deal: Deal, order: OrderRecord, circumstances: Circumstances): Deal => {
  const { now } = circumstances;
  const orderIds = deal.orderIds ?? [];
  const has = orderIds.includes(order.id)
    ? deal
    : { ...deal, orderIds: [...orderIds, order.id].toSorted(), updatedAt: now };
  const won = wonWith(has, order, circumstances);
  return won.status === 'won' ? withAdjustments(won, adjusted(won, order), now) : won;
};

/** The deal without the order: its refunds go, and so does the win that it made. The very same object where it has none of it. */
export const withoutOrder = (deal: Deal, order: OrderRecord, { now, pipeline }: Circumstances): Deal => {
  const own = adjustmentsOf(order);
  const adjustments = deal.adjustments.filter(({ id }) => !own.has(id));
  const { orderIds = [], wonByOrder, ...rest } = withAdjustments(deal, adjustments, now);
  if (
    !orderIds.includes(order.id) &&
    wonByOrder?.orderId !== order.id &&
    rest.adjustments === deal.adjustments
  )
    return deal;
  const left = orderIds.filter((each) => each !== order.id);
  const isWinner = wonByOrder?.orderId === order.id;
  const bare: Deal = {
    ...rest,
    ...(left.length > 0 && { orderIds: left }),
    ...(wonByOrder !== undefined && !isWinner && { wonByOrder }),
    updatedAt: now,
  };
  return isWonBy(deal, order.id) && !deal.deleted
    ? reopen(bare, {
        reason: `Its order ${order.snapshot?.number ?? order.externalId} is gone`.slice(0, 500),
        now,
        pipeline,
      })
    : bare;
};
