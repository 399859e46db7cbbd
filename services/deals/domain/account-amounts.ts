import type { Booked } from '../../../shared/events/deals.ts';
import type { AccountId } from '../../../shared/ids/id.ts';
import type { SignedMoney } from '../../../shared/money/money.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { isSold } from './commerce/order-life.ts';
import { dealOf, type OrderRecord } from './commerce/order.ts';
import type { Deal } from './deal.ts';

/** What an account brought in, or was given back. */
export interface Amount {
  /** When it counts: another day only where its own lay in a locked period. */
  readonly at: Instant;
  readonly money: SignedMoney | undefined;
  readonly sign: 1 | -1;
}

/** What counted in a locked period goes on counting there, for the account that it counted for, and is taken back on an open day. */
const ofBooked = (booked: readonly Booked[] = [], accountId: AccountId | undefined): Amount[] =>
  booked
    .filter(({ attribution, ofDeal: isDeals }) => attribution.accountId === accountId && isDeals !== true)
    .flatMap(({ lines }) =>
      lines.flatMap(({ kind, at, reversedAt, reportingAmount: money }): Amount[] => {
        const sign = kind === 'refunded' || kind === 'cancelled' ? -1 : 1;
        return [
          { at, money, sign },
          { at: reversedAt, money, sign: sign === 1 ? -1 : 1 },
        ];
      }),
    );

/** A deal in any status. */
export const ofDeal = (deal: Deal): Amount[] => {
  const { status, closedAt, bookedAt, reportingAmount, adjustments, booked, accountId } = deal;
  const before = ofBooked(booked, accountId);
  if (status !== 'won' || closedAt === undefined) return before;
  return [
    ...before,
    { at: bookedAt ?? closedAt, money: reportingAmount, sign: 1 },
    ...adjustments.map((each) => {
      const { at, bookedAt: adjustedAt, reportingAmount: money } = each;
      return { at: adjustedAt ?? at, money, sign: 1 } as const;
    }),
  ];
};

/** Of an order that belongs to no deal: that of a deal counts as the deal does. */
export const ofOrder = (order: OrderRecord): Amount[] => {
  const { refunds, valuation, bookings, booked, accountId } = order;
  const before = ofBooked(booked, accountId);
  if (!isSold(order) || dealOf(order) !== undefined || valuation === undefined) return before;
  const given = refunds.flatMap(({ externalId, at }) => {
    const money = valuation.refunds[externalId];
    return money === undefined ? [] : [{ at: bookings?.refunds[externalId] ?? at, money, sign: -1 } as const];
  });
  const { net } = valuation;
  const left = given.reduce((rest, { money }) => rest - money.amount, net.amount);
  const { cancelledAt } = order.snapshot;
  return [
    ...before,
    { at: bookings?.paidAt ?? order.snapshot.paidAt, money: net, sign: 1 },
    ...given,
    ...(cancelledAt !== undefined && left > 0
      ? [{ at: bookings?.cancelledAt ?? cancelledAt, money: { ...net, amount: left }, sign: -1 } as const]
      : []),
  ];
};

/** When something was won or given back, wherever it counts. */
export const datesOf = (wonDeals: readonly Deal[], orders: readonly OrderRecord[]): Instant[] => [
  ...wonDeals.flatMap(({ closedAt, adjustments }) => [
    ...(closedAt === undefined ? [] : [closedAt]),
    ...adjustments.map(({ at }) => at),
  ]),
  ...orders
    .filter(isSold)
    .flatMap(({ snapshot, refunds }) => [
      snapshot.paidAt,
      ...(snapshot.cancelledAt === undefined ? [] : [snapshot.cancelledAt]),
      ...refunds.map(({ at }) => at),
    ]),
];
