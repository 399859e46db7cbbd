import type { Booked, BookedLine, FrozenRate } from '../../../shared/events/deals.ts';
import type { SettingsChangeData } from '../../../shared/events/settings-change.ts';
import type { RequestId } from '../../../shared/ids/id.ts';
import { convert } from '../../../shared/money/arithmetic.ts';
import type { Currency } from '../../../shared/money/money.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import { dayOf, startOfDay } from '../../../shared/time/zone.ts';
import { changesCurrency } from '../../../shared/settings-change/what-changes.ts';
import type { OrderRecord } from './commerce/order.ts';
import { valuationOf } from './commerce/order-value.ts';
import type { Deal } from './deal.ts';
import { frozenFor } from './fx.ts';
import { assertCountable, awaitsRate, freeze, revalue, withheld } from './valuation.ts';

/** A rate that is needed, by which something is worth what it is in the new reporting currency. */
export interface NeededRate {
  readonly currency: Currency;
  readonly reporting: Currency;
  readonly day: Day;
}

type Change = Pick<SettingsChangeData, 'before' | 'after'>;

const neededOn = ({ after }: Change, currency: Currency, at: Instant): NeededRate => ({
  currency,
  reporting: after.reportingCurrency,
  day: dayOf(at, after.timeZone),
});

/** By the day of the close for a closed deal, as of now for an open one; undefined where the currency stays. */
export const rateForDeal = (deal: Deal, change: Change, now: Instant): NeededRate | undefined => {
  if (!changesCurrency(change)) return undefined;
  const at = deal.status === 'open' ? now : (deal.closedAt ?? now);
  return neededOn(change, deal.amount.currency, at);
};

/** By the day of the payment; undefined where the currency stays, and for an order that is not valued. */
export const rateForOrder = (
  { snapshot, valuation }: OrderRecord,
  change: Change,
): NeededRate | undefined => {
  if (!changesCurrency(change) || snapshot?.paidAt === undefined || valuation === undefined) return undefined;
  return neededOn(change, snapshot.currency, snapshot.paidAt);
};

/** What is needed to restate what was booked: from one reporting currency to the other, by the day it was closed or paid. */
export const ratesForBooked = (
  { booked = [] }: { readonly booked?: readonly Booked[] | undefined },
  change: Change,
): NeededRate[] =>
  changesCurrency(change)
    ? booked.flatMap(({ lines }) => lines.flatMap((line) => rateOfLine(line, change)))
    : [];

const rateOfLine = ({ reportingAmount, closedAt, at }: BookedLine, change: Change): NeededRate[] =>
  reportingAmount === undefined ? [] : [neededOn(change, reportingAmount.currency, closedAt ?? at)];

/** Answers rates that were looked up before. */
export type KnownRate = (needed: NeededRate) => FrozenRate | undefined;

/** What begins a day in the one zone begins the same day in the other. */
const rezoned = (at: Instant | undefined, { before, after }: Change): Instant | undefined =>
  at && startOfDay(dayOf(at, before.timeZone), after.timeZone);

/** Where something is booked stays the same day, and what was booked is restated like all else, in locked periods too. */
export const rebooked = (
  booked: readonly Booked[] | undefined,
  change: Change,
  rateOf: KnownRate,
): Booked[] | undefined =>
  booked?.map((each) => ({
    ...each,
    lines: each.lines.map((line) => {
      const [needed] = changesCurrency(change) ? rateOfLine(line, change) : [];
      const rate = needed && rateOf(needed);
      return {
        ...line,
        reversedAt: rezoned(line.reversedAt, change) ?? line.reversedAt,
        ...(rate &&
          line.reportingAmount && {
            reportingAmount: convert(line.reportingAmount, rate.rate, rate.currency),
          }),
      };
    }),
  }));

const bookedOfDeal = <T extends Deal>(deal: T, change: Change, rateOf: KnownRate): T => ({
  ...deal,
  createdBookedAt: rezoned(deal.createdBookedAt, change),
  bookedAt: rezoned(deal.bookedAt, change),
  adjustments: deal.adjustments.map((adjustment) => ({
    ...adjustment,
    bookedAt: rezoned(adjustment.bookedAt, change),
  })),
  booked: rebooked(deal.booked, change, rateOf),
});

/**
 * The deal by the new settings. Whom it counts for stays; a closed one is frozen anew, its adjustments with it. Without a rate
 * it is as it was: told again, for its days may be others. One that waited for a rate may go on waiting.
 * @throws Unprocessable for one that would be worth more than can be added up exactly
 */
export const recomputedDeal = <T extends Deal>(
  found: T,
  change: Change & { readonly id: RequestId },
  { needed, rateOf }: { readonly needed: NeededRate | undefined; readonly rateOf: KnownRate },
): T => {
  const { id } = change;
  const deal = bookedOfDeal(found, change, rateOf);
  const marked = { ...deal, recomputedFor: id };
  if (needed === undefined) return marked;
  // It counts by what was booked alone.
  if (deal.deleted) return { ...marked, reportingAmount: undefined };
  const rate = rateOf(needed);
  if (deal.status === 'open') {
    const valued = revaluedOpen(deal, rate);
    // An open one that can't be counted could not be written by anything that comes after, either.
    assertCountable(valued);
    return { ...marked, ...valued };
  }
  if (rate === undefined && awaitsRate(deal))
    return { ...marked, ...withheld(deal, deal.attribution, needed.reporting) };
  if (rate === undefined)
    throw new TypeError(`The deal ${deal.id} is closed, and its rate was not looked up.`);
  const frozen = { ...freeze(deal, deal.attribution, frozenFor(rate, needed.day)), awaitingRate: undefined };
  assertCountable(frozen);
  return { ...marked, ...frozen, recomputedFor: id };
};

const revaluedOpen = (deal: Deal, rate: FrozenRate | undefined): Deal => {
  const { reportingAmount, ...revalued } = revalue(deal, deal.attribution, rate);
  return { ...revalued, reportingAmount };
};

/**
 * The order by the new settings, its refunds with it.
 * @throws Unprocessable for one that would be worth more than can be kept exactly
 */
export const recomputedOrder = <T extends OrderRecord>(
  order: T,
  change: Change & { readonly id: RequestId },
  { needed, rateOf }: { readonly needed: NeededRate | undefined; readonly rateOf: KnownRate },
): T => {
  const rate = needed && rateOf(needed);
  return {
    ...order,
    ...bookingsOfOrder(order, change, rateOf),
    recomputedFor: change.id,
    ...(rate && { valuation: valuationOf(order, frozenFor(rate, needed.day)) }),
  };
};

const bookingsOfOrder = ({ bookings, booked }: OrderRecord, change: Change, rateOf: KnownRate) => ({
  bookings: bookings && {
    paidAt: rezoned(bookings.paidAt, change),
    cancelledAt: rezoned(bookings.cancelledAt, change),
    refunds: Object.fromEntries(
      Object.entries(bookings.refunds).map(([id, at]) => [id, rezoned(at, change) ?? at]),
    ),
  },
  booked: rebooked(booked, change, rateOf),
});
