import * as z from 'zod';
import type { Answered } from './answers.ts';
import type { CounterName } from './counters.ts';
import type { Totals } from './totals.ts';

export const kpiIds = [
  'wonRevenue',
  'wonDeals',
  'lostDeals',
  'createdDeals',
  'openDeals',
  'winRate',
  'averageDealSize',
  'medianDealSize',
  'salesCycleDays',
  'closedCycleDays',
  'ordersCount',
  'averageOrderValue',
] as const;
export const KpiId = z.enum(kpiIds);
export type KpiId = z.infer<typeof KpiId>;

/** Kinds of scope that numbers are kept for. Teams and territories include everything below them. */
export const scopeKinds = [
  'org',
  'team',
  'rep',
  'territory',
  'product',
  'industry',
  'account',
  'source',
  'store',
] as const;
export type ScopeKind = (typeof scopeKinds)[number];

export interface Kpi {
  readonly id: KpiId;
  readonly name: string;
  readonly formula: string;
  /** Money in minor units of the reporting currency, ratios 0–1. */
  readonly unit: 'money' | 'count' | 'ratio' | 'days';
  /** The date by which things fall into a period; `now` means that the period does not matter. */
  readonly date: string;
  readonly definitionVersion: 1;
  readonly scopes: readonly ScopeKind[];
  /** Whether values of separate days may be added. */
  readonly additive: boolean;
  /** From totals summed over the period and scope. `currency` is the reporting currency, shown beside money. */
  readonly compute: (totals: Totals, currency?: string) => KpiAnswer;
}

/**
 * `numerator` and `denominator` are null where there are none (a median); a sum is its numerator over 1.
 * `excluded` counts what is left out, and `reason` says why it is, or why there is no value.
 */
export interface KpiAnswer extends Answered {
  readonly unit: Kpi['unit'];
  readonly currency?: string;
  readonly definitionVersion: 1;
  /** n is below 5. */
  readonly lowSample?: true;
}

const LOW_SAMPLE = 5;

type Definition = Omit<Kpi, 'definitionVersion' | 'compute'> & {
  readonly answer: (count: (name: CounterName) => number, totals: Totals) => Answered;
};

export const define = ({ answer, ...kpi }: Definition): Kpi => ({
  ...kpi,
  definitionVersion: 1,
  compute: (totals, currency) => {
    const answered = answer((name) => totals.counters[name] ?? 0, totals);
    return {
      ...answered,
      unit: kpi.unit,
      ...(kpi.unit === 'money' && currency !== undefined && { currency }),
      definitionVersion: 1,
      ...(answered.n < LOW_SAMPLE && { lowSample: true }),
    };
  },
});
