import type { Booked, BookedLine, OrderState } from '../../../shared/events/deals.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { bookedParts, sharedBy } from './booked-parts.ts';
import type { Entry, Fact, Settings } from './fact.ts';

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

/** A paid order, in no money while its rate is not known. */
const paidEntry = (net: number | undefined, isOfDeal: boolean): Entry =>
  net === undefined
    ? { counts: { ordersCount: 1, ordersUnvalued: 1 } }
    : { counts: { ordersCount: 1 }, amounts: { ordersNet: net }, ...(!isOfDeal && { credited: net }) };

/** What a refund, or a cancellation, takes back of it. */
const takenBackEntry = (amount: number, isOfDeal: boolean): Entry => ({
  amounts: { ordersRefunded: amount },
  ...(!isOfDeal && { credited: -amount }),
});

const bookedEntry = ({ kind, reportingAmount }: BookedLine, { ofDeal }: Booked): Entry =>
  kind === 'paid'
    ? paidEntry(reportingAmount?.amount, ofDeal === true)
    : takenBackEntry(reportingAmount?.amount ?? 0, ofDeal === true);

/**
 * Paid orders count at `paidAt`; refunds, and what is left at a cancellation, are taken back at their own dates; each where it was
 * booked, if its date lay in a locked period. An order that belongs to a deal feeds the order KPIs only: its revenue is the
 * deal's.
 */
const entriesOf = (order: OrderState, timeZone: string): Entry[] => {
  const { paidAt, cancelledAt, dealId } = order;
  if (order.deleted || order.test || paidAt === undefined || neverSold(order)) return [];
  const isOfDeal = dealId !== undefined;
  const net = order.reportingNet?.amount;
  // A credit note is no order: it only takes back.
  const paid: Entry[] =
    order.creditNote === true
      ? []
      : [{ day: dayOf(order.bookedAt ?? paidAt, timeZone), ...paidEntry(net, isOfDeal) }];
  if (net === undefined) return paid;
  const refunds = order.refunds.filter(({ reportingNet }) => (reportingNet?.amount ?? 0) > 0);
  const remaining = net - sumOf(refunds.map(({ reportingNet }) => reportingNet?.amount ?? 0));
  const cancelled = order.cancelledBookedAt ?? cancelledAt;
  return [
    ...paid,
    ...refunds.map(({ at, bookedAt, reportingNet }) => ({
      day: dayOf(bookedAt ?? at, timeZone),
      ...takenBackEntry(reportingNet?.amount ?? 0, isOfDeal),
    })),
    ...(cancelled !== undefined && remaining > 0
      ? [{ day: dayOf(cancelled, timeZone), ...takenBackEntry(remaining, isOfDeal) }]
      : []),
  ];
};

/** What the order, in this version, counts: on which days, in which scopes. */
export const orderFact = (
  order: OrderState,
  { epoch, version }: { readonly epoch: number; readonly version: number },
  { timeZone, reportingCurrency }: Settings,
): Fact => {
  return {
    subject: order.id,
    kind: 'order',
    name: order.number,
    epoch,
    version,
    currency: order.reportingNet?.currency ?? reportingCurrency,
    timeZone,
    state: stateOf(order),
    refunded: sumOf(order.refunds.map(({ reportingNet }) => reportingNet?.amount ?? 0)),
    ...sharedBy({
      attribution: order.attribution,
      source: ORDER_SOURCE,
      storeId: order.storeId,
      amount: order.net.amount,
      products: order.lines.map(({ productId, net }) => ({ productId, amount: net.amount })),
    }),
    entries: entriesOf(order, timeZone),
    ...bookedParts(order.booked, timeZone, {
      entryOf: bookedEntry,
      source: ORDER_SOURCE,
      storeId: order.storeId,
    }),
  };
};
