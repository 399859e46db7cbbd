import type { PaceThresholds } from '../../../shared/events/team.ts';
import { type BusinessCalendar, businessDaysBetween } from '../../../shared/time/business-days.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { EARLY_SHARE, type Reading, rises } from './attainment.ts';
import type { Goal } from './goal.ts';

export type PaceStatus = 'ahead' | 'onTrack' | 'atRisk' | 'behind';

/** How a goal stands against an even way to its target. `null`s where it is too early, or not a matter of time. */
export interface Pace {
  /** actual ÷ expected by now; 1 is exactly on the way. */
  readonly ratio: number | null;
  readonly status: PaceStatus | null;
  /** What the value would be by now on an even way, in the goal's unit. */
  readonly expected: number | null;
  /** Where the value ends up if it goes on like this. */
  readonly projection: number | null;
  /** What is still to come on each remaining business day, today included, in the goal's unit. */
  readonly neededPerBusinessDay: number | null;
  readonly businessDaysLeft: number;
  /** Why there is no status. */
  readonly reason?: string;
}

export interface PaceSettings extends BusinessCalendar {
  readonly timeZone: string;
  readonly paceThresholds: PaceThresholds;
}

const statusOf = (ratio: number, { ahead, onTrack, atRisk }: PaceThresholds): PaceStatus => {
  if (ratio >= ahead) return 'ahead';
  if (ratio >= onTrack) return 'onTrack';
  return ratio >= atRisk ? 'atRisk' : 'behind';
};

const digits = (value: number): number => Number(value.toPrecision(12));

/**
 * Linear pace: actual ÷ (target × elapsed share). A ratio, an average or a stock is not expected to rise from zero: it is
 * held against the target itself. Silent before a tenth of the period has gone by.
 */
export const paceOf = (goal: Goal, reading: Reading, now: Instant, settings: PaceSettings): Pace => {
  const { value, percent, elapsed } = reading;
  const today = dayOf(now, settings.timeZone);
  const first = today > goal.from ? today : goal.from;
  const businessDaysLeft = businessDaysBetween(first, goal.to, settings);
  const isRising = rises(goal);
  const remaining = value === null ? null : Math.max(0, goal.target - value);
  const neededPerBusinessDay =
    !isRising || remaining === null || (businessDaysLeft === 0 && remaining > 0)
      ? null
      : digits(remaining / Math.max(1, businessDaysLeft));
  const common = { neededPerBusinessDay, businessDaysLeft };
  const silent = (reason: string): Pace => ({
    ...common,
    ratio: null,
    status: null,
    expected: null,
    projection: null,
    reason,
  });
  if (value === null || percent === null) return silent(reading.answer.reason ?? 'There is no value yet.');
  if (elapsed < EARLY_SHARE)
    return silent(
      elapsed === 0 ? 'The period has not begun.' : 'Less than a tenth of the period has gone by.',
    );
  const ratio = digits(percent / 100 / (isRising ? elapsed : 1));
  return {
    ...common,
    ratio,
    status: statusOf(ratio, settings.paceThresholds),
    expected: isRising ? digits(goal.target * elapsed) : goal.target,
    projection: isRising ? digits(value / elapsed) : value,
  };
};
