import { mergedBins, quantile } from '../statistics/sketch.ts';
import { count, days, money, percentilesOf, ratio } from './answers.ts';
import type { CounterName } from './counters.ts';
import { define, scopeKinds, type Kpi, type KpiId, type ScopeKind } from './kpi.ts';

const everywhere = scopeKinds;
/** Deals come from no store. */
const ofDeals = scopeKinds.filter((kind) => kind !== 'store');
/** An order's value is of the whole order, not of one product in it. */
const ofOrders = scopeKinds.filter((kind) => kind !== 'product');

const counted = (
  id: KpiId & CounterName,
  name: string,
  formula: string,
  date: string,
  scopes: readonly ScopeKind[],
): Kpi =>
  define({ id, name, formula, unit: 'count', date, scopes, additive: true, answer: (of) => count(of(id)) });

const NO_RATE = 'Left out for want of an exchange rate to the reporting currency.';
const NO_START = 'Left out for want of a start date.';

/** Version 1 of every KPI that can be asked for, in the order in which they are shown. */
export const kpis: readonly Kpi[] = [
  define({
    id: 'wonRevenue',
    name: 'Won revenue',
    formula: 'Σ won deals + Σ paid orders that belong to no deal + Σ adjustments (refunds negative)',
    unit: 'money',
    date: 'closedAt; paidAt; adjustments at their own date',
    scopes: everywhere,
    additive: true,
    answer: (of) => ({
      ...money(of('wonRevenue'), 1, of('wonDeals') + of('ordersCount'), ''),
      ...(of('wonUnvalued') + of('ordersUnvalued') > 0 && {
        excluded: of('wonUnvalued') + of('ordersUnvalued'),
        reason: NO_RATE,
      }),
    }),
  }),
  counted('wonDeals', 'Won deals', 'count of won deals', 'closedAt', ofDeals),
  counted('lostDeals', 'Lost deals', 'count of lost deals', 'closedAt', ofDeals),
  counted(
    'createdDeals',
    'Created deals',
    'count of deals that entered the pipeline',
    'startedAt, or else createdAt',
    ofDeals,
  ),
  counted('openDeals', 'Open deals', 'count of open deals', 'now', ofDeals),
  define({
    id: 'winRate',
    name: 'Win rate',
    formula: 'won ÷ (won + lost)',
    unit: 'ratio',
    date: 'closedAt',
    scopes: ofDeals,
    additive: false,
    answer: (of) => ratio(of('wonDeals'), of('wonDeals') + of('lostDeals'), 'No deal was closed.'),
  }),
  define({
    id: 'averageDealSize',
    name: 'Average deal size',
    formula: 'Σ won ÷ won, full amounts, gross of refunds',
    unit: 'money',
    date: 'closedAt',
    scopes: ofDeals,
    additive: false,
    answer: (of) => {
      const valued = of('wonDeals') - of('wonUnvalued');
      return {
        ...money(of('wonAmount'), valued, valued, 'No deal was won.'),
        ...(of('wonUnvalued') > 0 && { excluded: of('wonUnvalued'), reason: NO_RATE }),
      };
    },
  }),
  define({
    id: 'medianDealSize',
    name: 'Median deal size',
    formula: 'median of won, full amounts, gross of refunds; within 0.5 %',
    unit: 'money',
    date: 'closedAt',
    scopes: ofDeals,
    additive: false,
    answer: (of, { sketches }) => {
      const median = quantile(sketches.dealSize ?? {}, 0.5);
      const n = of('wonDeals') - of('wonUnvalued');
      const left = of('wonUnvalued') > 0 ? { excluded: of('wonUnvalued'), reason: NO_RATE } : {};
      return median === null
        ? { value: null, numerator: null, denominator: null, n, reason: 'No deal was won.', ...left }
        : { value: Math.round(median), numerator: null, denominator: null, n, ...left };
    },
  }),
  define({
    id: 'salesCycleDays',
    name: 'Sales cycle',
    formula: 'Σ (closedAt − startedAt) ÷ won deals that have a start, whole days',
    unit: 'days',
    date: 'closedAt',
    scopes: ofDeals,
    additive: false,
    answer: (of, { sketches }) => ({
      ...days(
        of('cycleDaysWon'),
        of('wonDeals') - of('cycleExcludedWon'),
        'No deal with a start date was won.',
      ),
      ...percentilesOf(sketches.cycleWon),
      ...(of('cycleExcludedWon') > 0 && { excluded: of('cycleExcludedWon'), reason: NO_START }),
    }),
  }),
  define({
    id: 'closedCycleDays',
    name: 'Cycle of closed deals',
    formula: 'Σ (closedAt − startedAt) ÷ won and lost deals that have a start, whole days',
    unit: 'days',
    date: 'closedAt',
    scopes: ofDeals,
    additive: false,
    answer: (of, { sketches }) => {
      const excluded = of('cycleExcludedWon') + of('cycleExcludedLost');
      return {
        ...days(
          of('cycleDaysWon') + of('cycleDaysLost'),
          of('wonDeals') + of('lostDeals') - excluded,
          'No deal with a start date was closed.',
        ),
        ...percentilesOf(mergedBins(sketches.cycleWon, sketches.cycleLost)),
        ...(excluded > 0 && { excluded, reason: NO_START }),
      };
    },
  }),
  counted('ordersCount', 'Orders', 'count of paid orders', 'paidAt', everywhere),
  define({
    id: 'averageOrderValue',
    name: 'Average order value',
    formula: '(gross − discounts) ÷ orders, without tax and shipping; net of refunds beside it',
    unit: 'money',
    date: 'paidAt; refunds at their own date',
    scopes: ofOrders,
    additive: false,
    answer: (of) => {
      const valued = of('ordersCount') - of('ordersUnvalued');
      const net = money(of('ordersNet') - of('ordersRefunded'), valued, valued, '').value;
      return {
        ...money(of('ordersNet'), valued, valued, 'No order was paid.'),
        ...(net !== null && { netOfRefunds: net }),
        ...(of('ordersUnvalued') > 0 && { excluded: of('ordersUnvalued'), reason: NO_RATE }),
      };
    },
  }),
];

const byId: ReadonlyMap<string, Kpi> = new Map(kpis.map((kpi) => [kpi.id, kpi]));

export const findKpi = (id: string): Kpi | undefined => byId.get(id);
