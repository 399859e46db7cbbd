import type { BookedLine, OrderState } from '../../../../shared/events/deals.ts';
import { canonicalText } from '../../../../shared/json/canonical-text.ts';
import type { SignedMoney } from '../../../../shared/money/money.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import { type Basis, type Books, type Posting, rebook, touchedDates, withReversed } from '../rebooking.ts';
import { type OrderRecord, orderState } from './order.ts';

const PAID = 'paid';
const CANCELLED = 'cancelled';
const refundKey = (externalId: string): string => `refund ${externalId}`;

const basisOf = ({ attribution, net, lines, dealId }: OrderState): Basis => ({
  attribution,
  amount: net.amount,
  products: lines.flatMap((line) =>
    line.productId === undefined ? [] : [{ productId: line.productId, amount: line.net.amount }],
  ),
  ...(dealId !== undefined && { ofDeal: true }),
});

/** Cancelled before it was paid for, or at that very moment: it never was a sale. */
const wasSold = ({ deleted, test, paidAt, cancelledAt }: OrderState): boolean =>
  !deleted && !test && paidAt !== undefined && !(cancelledAt !== undefined && cancelledAt <= paidAt);

/** What the order counts, date by date. */
const postingsOf = (order: OrderState | undefined): Posting[] => {
  if (order?.paidAt === undefined || !wasSold(order)) return [];
  const basis = basisOf(order);
  const posting = (
    key: string,
    {
      kind,
      amount,
      ...dates
    }: Pick<Posting, 'date'> & {
      readonly kind: BookedLine['kind'];
      readonly bookedAt: Instant | undefined;
      readonly amount: SignedMoney | undefined;
    },
  ): Posting => {
    const line = { kind, ...(amount && { reportingAmount: amount }) };
    return {
      key,
      date: dates.date,
      at: dates.bookedAt ?? dates.date,
      line,
      told: canonicalText({ line, basis }),
    };
  };
  const { reportingNet, cancelledAt } = order;
  const payment = {
    kind: 'paid',
    date: order.paidAt,
    bookedAt: order.bookedAt,
    amount: reportingNet,
  } as const;
  // A credit note is no order: it only takes back.
  const paid = order.creditNote === true ? [] : [posting(PAID, payment)];
  if (reportingNet === undefined) return paid;
  const given = order.refunds.filter((refund) => (refund.reportingNet?.amount ?? 0) > 0);
  const left = given.reduce((sum, refund) => sum - (refund.reportingNet?.amount ?? 0), reportingNet.amount);
  return [
    ...paid,
    ...given.map(({ externalId, at, bookedAt, reportingNet: amount }) =>
      posting(refundKey(externalId), { kind: 'refunded', date: at, bookedAt, amount }),
    ),
    ...(cancelledAt !== undefined && left > 0
      ? [
          posting(CANCELLED, {
            kind: 'cancelled',
            date: cancelledAt,
            bookedAt: order.cancelledBookedAt,
            amount: { ...reportingNet, amount: left },
          }),
        ]
      : []),
  ];
};

const told = (record: OrderRecord | undefined): OrderState | undefined => record && orderState(record);

/** The dates whose numbers would change; `from` is absent for a new order. */
export const orderDatesTouched = (from: OrderRecord | undefined, to: OrderRecord): Instant[] =>
  touchedDates(postingsOf(told(from)), postingsOf(told(to)));

/**
 * The order with where it counts: what would change a locked period is booked on the first open day after it.
 * @throws Unprocessable where more was booked so than can be kept
 */
export const bookedOrder = (from: OrderRecord | undefined, to: OrderRecord, books: Books): OrderRecord => {
  const before = told(from);
  const { bookedAt, reversed } = rebook(postingsOf(before), postingsOf(told(to)), books);
  const refunds = to.refunds.flatMap(({ externalId }) => {
    const at = bookedAt.get(refundKey(externalId));
    return at === undefined ? [] : [[externalId, at] as const];
  });
  const bookings =
    bookedAt.size === 0
      ? undefined
      : {
          paidAt: bookedAt.get(PAID),
          cancelledAt: bookedAt.get(CANCELLED),
          refunds: Object.fromEntries(refunds),
        };
  return { ...to, bookings, booked: withReversed(from?.booked, before && basisOf(before), reversed) };
};
