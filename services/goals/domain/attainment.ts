import { findKpi, kpis } from '../../../shared/kpis/catalogue.ts';
import type { Kpi, KpiAnswer } from '../../../shared/kpis/kpi.ts';
import type { Totals } from '../../../shared/kpis/totals.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { elapsedShare, type Period } from '../../../shared/time/period.ts';
import type { Goal } from './goal.ts';
import { accumulates } from './target.ts';

/** Before this share of a period has gone by, pace and ratios say more about chance than about selling. */
export const EARLY_SHARE = 0.1;
/** Ratios and averages over fewer deals than this reach no milestone. */
const LEAST_SAMPLE = 5;

/** What a goal's numbers come to at one moment. */
export interface Reading {
  readonly answer: KpiAnswer;
  /** In the goal's unit; null where the KPI has no value. */
  readonly value: number | null;
  /** Of the target × 100, uncapped; null where there is no value. */
  readonly percent: number | null;
  /** How much of the period has gone by, 0–1. */
  readonly elapsed: number;
  /** The milestones that the value is at or above, as far as there is enough behind it; ascending. */
  readonly reached: readonly number[];
}

/** Goals are only made on KPIs of the catalogue. */
export const kpiOf = ({ kpi }: Pick<Goal, 'kpi'>): Kpi => {
  const found = findKpi(kpi);
  if (found === undefined) throw new TypeError(`${kpi} is none of ${kpis.map(({ id }) => id).join(', ')}.`);
  return found;
};

export const periodOfGoal = ({ period: text, from, to }: Pick<Goal, 'period' | 'from' | 'to'>): Period => ({
  text,
  from,
  to,
  kind: text.includes('..') ? 'range' : text.length === 4 ? 'year' : text.includes('Q') ? 'quarter' : 'month',
});

type Measure = Pick<Goal, 'target' | 'direction' | 'baseline'>;

/** How far the value has come, and how far it is to go in all. The way down begins at the baseline. */
const way = ({ target, direction, baseline = 0 }: Measure, value: number): readonly [number, number] =>
  direction === 'higher' ? [value, target] : [baseline - value, baseline - target];

/**
 * Attainment in percent, uncapped: value ÷ target, or (baseline − value) ÷ (baseline − target) where lower is better. Twelve
 * digits are kept, so that 0.57 of 1 is 57 and not 56.99999999999999.
 */
export const percentOf = (goal: Measure, value: number): number => {
  const [come, all] = way(goal, value);
  return Number(((come / all) * 100).toPrecision(12));
};

/** By products rather than quotients: exact for whole numbers. */
const isReached = (goal: Measure, value: number, milestone: number): boolean => {
  const [come, all] = way(goal, value);
  return come * 100 >= milestone * all;
};

/**
 * Evaluates a goal on the totals of its scope and period. A ratio or an average counts for milestones only with five deals
 * behind it and a tenth of the period gone by.
 */
export const readGoal = (goal: Goal, totals: Totals, at: { now: Instant; timeZone: string }): Reading => {
  const kpi = kpiOf(goal);
  const answer = kpi.compute(totals, goal.currency);
  const elapsed = elapsedShare(periodOfGoal(goal), at.now, at.timeZone);
  const { value, n } = answer;
  const counts = kpi.additive || (n >= LEAST_SAMPLE && elapsed >= EARLY_SHARE);
  return {
    answer,
    value,
    percent: value === null ? null : percentOf(goal, value),
    elapsed,
    reached:
      value === null || !counts
        ? []
        : goal.milestones.filter((milestone) => isReached(goal, value, milestone)),
  };
};

/** Whether a value like this is expected to rise evenly over the period. */
export const rises = (goal: Goal): boolean => accumulates(kpiOf(goal)) && goal.direction === 'higher';
