import { addDays, daysBetween } from '../../../shared/time/zone.ts';
import { Day } from '../../../shared/time/instant.ts';
import { type FiscalCalendar, parsePeriod, type Period, periodOf } from '../../../shared/time/period.ts';
import type { GrowthOver } from './target.ts';

/** 29 February becomes the 28th. */
const yearEarlier = (day: Day): Day => {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  const same = Day.safeParse(`${year}${day.slice(4)}`);
  return same.success ? same.data : Day.parse(`${year}-02-28`);
};

const range = (from: Day, last: Day, calendar: FiscalCalendar): Period =>
  parsePeriod(`${from}..${last}`, calendar);

/**
 * The period just before (for a range: as many days), or the same one a year earlier. A goal for 2026-Q4 is measured
 * against 2026-Q3 or 2025-Q4.
 */
export const formerPeriod = (period: Period, over: GrowthOver, calendar: FiscalCalendar): Period => {
  const lastDay = addDays(period.to, -1);
  if (over === 'previous') {
    const lastBefore = addDays(period.from, -1);
    if (period.kind !== 'range') return periodOf(lastBefore, period.kind, calendar);
    return range(addDays(period.from, -daysBetween(period.from, period.to)), lastBefore, calendar);
  }
  if (period.kind !== 'range') return periodOf(yearEarlier(period.from), period.kind, calendar);
  return range(yearEarlier(period.from), yearEarlier(lastDay), calendar);
};
