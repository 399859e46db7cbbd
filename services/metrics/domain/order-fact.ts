import type { OrderState } from '../../../shared/events/deals.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { type Entry, type Fact, productWeights, type Settings } from './fact.ts';

/** Every order's source; deals name theirs themselves. */
const ORDER_SOURCE = 'order';

/** Cancelled before it was paid for, or at that very moment: it never was a sale. */
const neverSold = ({ paidAt, cancelledAt }: OrderState): boolean =>
  paidAt === undefined || (cancelledAt !== undefined && Date.parse(cancelledAt) <= Date.parse(paidAt));

const stateOf = (order: OrderState): Fact['state'] => {
  if (order.deleted) return 'deleted';
  if (order.cancelledAt !== undefined) return 'cancelled';
  return order.paidAt === undefined ? 'unpaid' : 'paid';
};

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

const refundsOf = (
  order: OrderState,
): { readonly day: (timeZone: string) => Entry['day'] & string; readonly amount: number }[] =>
  order.refunds.map(({ at, reportingNet }) => ({
    day: (timeZone) => dayOf(at, timeZone),
    amount: reportingNet?.amount ?? 0,
  }));

/**
 * Paid orders count at `paidAt`; refunds, and what is left at a cancellation, are taken back at their own dates. An order
 * that belongs to a deal feeds the order KPIs only: its revenue is the deal's.
 */
const entriesOf = (order: OrderState, timeZone: string): Entry[] => {
  const { paidAt, cancelledAt, dealId } = order;
  if (order.deleted || order.test || paidAt === undefined || neverSold(order)) return [];
  const day = dayOf(paidAt, timeZone);
  const net = order.reportingNet?.amount;
  const isSale = order.creditNote !== true;
  if (net === undefined && !isSale) return [];
  if (net === undefined) return [{ day, counts: { ordersCount: 1, ordersUnvalued: 1 } }];
  const revenue = (amount: number): Pick<Entry, 'credited'> =>
    dealId === undefined ? { credited: amount } : {};
  const takenBack = (at: Entry['day'] & string, amount: number): Entry => ({
    day: at,
    amounts: { ordersRefunded: amount },
    ...revenue(-amount),
  });
  const refunds = refundsOf(order);
  const remaining = net - sumOf(refunds.map(({ amount }) => amount));
  return [
    // A credit note is no order: it only takes back.
    ...(isSale ? [{ day, counts: { ordersCount: 1 }, amounts: { ordersNet: net }, ...revenue(net) }] : []),
    ...refunds
      .filter(({ amount }) => amount > 0)
      .map((refund) => takenBack(refund.day(timeZone), refund.amount)),
    ...(cancelledAt !== undefined && remaining > 0
      ? [takenBack(dayOf(cancelledAt, timeZone), remaining)]
      : []),
  ];
};

/** What the order, in this version, counts: on which days, in which scopes. */
export const orderFact = (
  order: OrderState,
  { epoch, version }: { readonly epoch: number; readonly version: number },
  { timeZone, reportingCurrency }: Settings,
): Fact => {
  const { credits, territoryPath, accountId, industry } = order.attribution;
  return {
    subject: order.id,
    kind: 'order',
    name: order.number,
    epoch,
    version,
    currency: order.reportingNet?.currency ?? reportingCurrency,
    timeZone,
    state: stateOf(order),
    refunded: sumOf(refundsOf(order).map(({ amount }) => amount)),
    credits,
    territoryPath,
    ...(accountId !== undefined && { accountId }),
    ...(industry !== undefined && { industry }),
    source: ORDER_SOURCE,
    storeId: order.storeId,
    ...productWeights(
      order.net.amount,
      order.lines.map(({ productId, net }) => ({ productId, amount: net.amount })),
    ),
    entries: entriesOf(order, timeZone),
  };
};
