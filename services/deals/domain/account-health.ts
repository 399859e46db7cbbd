import type { OrganizationState } from '../../../shared/events/team.ts';
import type { Currency, Money } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { periodOf } from '../../../shared/time/period.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { type Amount, datesOf, ofDeal, ofOrder } from './account-amounts.ts';
import { isSold } from './commerce/order-life.ts';
import type { OrderRecord } from './commerce/order.ts';
import type { Deal } from './deal.ts';

const DAY = 86_400_000;
/** So many orders tell a habit. */
const FEWEST_ORDERS = 3;
/** Without a habit to go by, an account that has bought is at risk after this long without a word. */
const SILENT_DAYS = 90;

export interface HealthFacts {
  readonly openDeals: readonly Deal[];
  readonly wonDeals: readonly Deal[];
  /** Some may have been won before, in a period that was locked since. */
  readonly lostDeals: readonly Deal[];
  readonly orders: readonly OrderRecord[];
  readonly lastActivityAt: Instant | undefined;
  readonly organization: OrganizationState;
  readonly now: Instant;
}

export interface AccountHealth {
  readonly openDeals: number;
  /** As far as a rate is known. */
  readonly openValue: Money;
  /** By fiscal year, the latest first; what was given back counts in the year in which it was. Locked years stand, as in metrics. */
  readonly wonByYear: readonly { readonly year: string; readonly value: Money }[];
  readonly lastActivityAt?: Instant;
  readonly lastOrderAt?: Instant;
  readonly usualReorderDays?: number;
  readonly reorderDue: boolean;
  readonly reorderReason: string;
  readonly atRisk: boolean;
  readonly riskReason: string;
}

const byYear = (amounts: readonly Amount[], { organization }: HealthFacts): AccountHealth['wonByYear'] => {
  const { reportingCurrency: currency, timeZone } = organization;
  const years = new Map<string, number>();
  for (const { at, money, sign } of amounts) {
    if (money?.currency !== currency) continue;
    const year = periodOf(dayOf(at, timeZone), 'year', organization).text;
    years.set(year, (years.get(year) ?? 0) + sign * money.amount);
  }
  return [...years]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .map(([year, amount]) => ({ year, value: { amount, currency } }));
};

/** Of the gaps between orders, in milliseconds; undefined for fewer than three orders, which tell no habit. */
export const usualGap = (times: readonly number[]): number | undefined => {
  if (times.length < FEWEST_ORDERS) return undefined;
  const sorted = times.toSorted((a, b) => a - b);
  const gaps = sorted
    .slice(1)
    .map((time, index) => time - (sorted[index] ?? time))
    .toSorted((a, b) => a - b);
  const middle = Math.floor(gaps.length / 2);
  const [below = 0, above = 0] = [gaps[Math.ceil(gaps.length / 2) - 1], gaps[middle]];
  return Math.round((below + above) / 2);
};

const days = (milliseconds: number): number => Math.round(milliseconds / DAY);

const sumOf = (deals: readonly Deal[], currency: Currency): Money => ({
  amount: deals.reduce(
    (sum, { reportingAmount: money }) => (money?.currency === currency ? sum + money.amount : sum),
    0,
  ),
  currency,
});

/** How an account stands, with why. */
export const accountHealth = (facts: HealthFacts): AccountHealth => {
  const { openDeals, wonDeals, lostDeals, orders, lastActivityAt, organization, now } = facts;
  const sold = orders.filter(isSold).filter(({ snapshot }) => snapshot.cancelledAt === undefined);
  const paid = sold.map(({ snapshot }) => Date.parse(snapshot.paidAt)).toSorted((a, b) => a - b);
  const lastOrder = paid.at(-1);
  const amounts = [...[...openDeals, ...wonDeals, ...lostDeals].flatMap(ofDeal), ...orders.flatMap(ofOrder)];
  const gap = usualGap(paid);
  const at = Date.parse(now);
  const sinceOrder = lastOrder === undefined ? undefined : at - lastOrder;
  return {
    openDeals: openDeals.length,
    openValue: sumOf(openDeals, organization.reportingCurrency),
    wonByYear: byYear(amounts, facts),
    ...(lastActivityAt !== undefined && { lastActivityAt }),
    ...(lastOrder !== undefined && { lastOrderAt: Instant.parse(new Date(lastOrder).toISOString()) }),
    ...(gap !== undefined && { usualReorderDays: days(gap) }),
    ...reorder(gap, sinceOrder),
    ...risk({
      gap,
      sinceOrder,
      sinceContact:
        at - Math.max(lastOrder ?? -Infinity, lastActivityAt ? Date.parse(lastActivityAt) : -Infinity),
      hasWon: wonDeals.length > 0 || sold.length > 0,
      sinceWon: at - Math.max(-Infinity, ...datesOf(wonDeals, orders).map((date) => Date.parse(date))),
    }),
  };
};

const reorder = (gap: number | undefined, since: number | undefined) => {
  if (gap === undefined || since === undefined)
    return {
      reorderDue: false,
      reorderReason: `Fewer than ${FEWEST_ORDERS} paid orders tell no usual interval.`,
    };
  const told = `The last order was ${days(since)} days ago; usually ${days(gap)} days lie between orders.`;
  return { reorderDue: since > gap, reorderReason: told };
};

const risk = ({
  gap,
  sinceOrder,
  sinceContact,
  hasWon,
  sinceWon,
}: {
  readonly gap: number | undefined;
  readonly sinceOrder: number | undefined;
  /** Since the last order or activity. */
  readonly sinceContact: number;
  readonly hasWon: boolean;
  readonly sinceWon: number;
}) => {
  if (gap !== undefined && sinceOrder !== undefined && sinceOrder > 2 * gap)
    return {
      atRisk: true,
      riskReason: `The last order was ${days(sinceOrder)} days ago, more than twice the usual ${days(gap)} days.`,
    };
  // What was won lately is no silence either.
  const silent = Math.min(sinceContact, sinceWon);
  if (hasWon && silent > SILENT_DAYS * DAY)
    return {
      atRisk: true,
      riskReason: `It has bought, and for ${days(silent)} days there was no order and no activity.`,
    };
  return {
    atRisk: false,
    riskReason: hasWon ? 'There was an order or activity lately.' : 'It has bought nothing yet.',
  };
};
