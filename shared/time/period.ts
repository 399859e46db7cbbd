import * as z from 'zod';
import { Unprocessable } from '../errors/errors.ts';
import { Day, type Instant } from './instant.ts';
import { addDays, startOfDay } from './zone.ts';

/** A text that names no period. */
export class InvalidPeriod extends Unprocessable {}

/** 1–12; a fiscal year bears the number of the calendar year in which it ends. */
export interface FiscalCalendar {
  readonly fiscalYearStartMonth: number;
}

export type PeriodKind = 'month' | 'quarter' | 'year' | 'range';

/** Half-open: `to` is the first day after the period. */
export interface Period {
  readonly text: string;
  readonly kind: PeriodKind;
  readonly from: Day;
  readonly to: Day;
}

const YEAR = String.raw`(?!0000)\d{4}`;
const DAY = String.raw`${YEAR}-\d{2}-\d{2}`;
const FORM = new RegExp(`^(${YEAR}-(0[1-9]|1[0-2])|${YEAR}-Q[1-4]|${YEAR}|${DAY}\\.\\.${DAY})$`);
const FORMS =
  'a month 2026-11, a fiscal quarter 2026-Q4, a fiscal year 2026, or days 2026-11-01..2026-11-15 (both included)';

/** A period's text; whether its days exist and are in order is told by `parsePeriod`. */
export const PeriodText = z
  .string()
  .regex(FORM, `must be ${FORMS}`)
  .describe(`In the organization’s time zone and fiscal calendar: ${FORMS}.`);

/** Years 1–9998 keep every day that follows a period within four digits. */
const firstOfMonth = (year: number, monthIndex: number): Day => {
  const date = new Date(0);
  date.setUTCFullYear(year, monthIndex, 1);
  return Day.parse(date.toISOString().slice(0, 10));
};

/** The month (0 = January of the calendar year `fiscalYear`) in which the fiscal year begins. */
const fiscalStart = ({ fiscalYearStartMonth }: FiscalCalendar): number =>
  fiscalYearStartMonth === 1 ? 0 : fiscalYearStartMonth - 13;

const months = (text: string, kind: PeriodKind, year: number, first: number, count: number): Period => ({
  text,
  kind,
  from: firstOfMonth(year, first),
  to: firstOfMonth(year, first + count),
});

const range = (text: string, first: string, last: string): Period => {
  const from = Day.safeParse(first);
  const until = Day.safeParse(last);
  if (!from.success || !until.success) throw new InvalidPeriod(`${text} names a day that does not exist.`);
  if (until.data < from.data) throw new InvalidPeriod(`${text} ends before it begins.`);
  return { text, kind: 'range', from: from.data, to: addDays(until.data, 1) };
};

/**
 * Reads `2026-11`, `2026-Q4`, `2026` (both fiscal), or `2026-11-01..2026-11-15`, whose last day belongs to it.
 * Throws `InvalidPeriod`.
 */
export const parsePeriod = (text: string, calendar: FiscalCalendar): Period => {
  if (!FORM.test(text)) throw new InvalidPeriod(`${text} is no period. Write ${FORMS}.`);
  const [first = '', last] = text.split('..');
  const year = Number(text.slice(0, 4));
  if (year > 9_998) throw new InvalidPeriod(`${text} is too far away.`);
  if (last !== undefined) return range(text, first, last);
  if (text.length === 4) return months(text, 'year', year, fiscalStart(calendar), 12);
  if (text[5] === 'Q')
    return months(text, 'quarter', year, fiscalStart(calendar) + (Number(text[6]) - 1) * 3, 3);
  return months(text, 'month', year, Number(text.slice(5)) - 1, 1);
};

/** The calendar month of a day: `2026-11`. */
export const monthOf = (day: Day): string => day.slice(0, 7);

/** The calendar months that the period touches, in order: `['2026-10', '2026-11', '2026-12']`. */
export const monthsOf = (period: Period): string[] => {
  const last = monthOf(addDays(period.to, -1));
  const found: string[] = [];
  for (
    let year = Number(period.from.slice(0, 4)), index = Number(period.from.slice(5, 7)) - 1;
    ;
    index += 1
  ) {
    const month = monthOf(firstOfMonth(year, index));
    if (month > last) return found;
    found.push(month);
  }
};

/** The month, fiscal quarter or fiscal year in which the day falls. */
export const periodOf = (day: Day, kind: Exclude<PeriodKind, 'range'>, calendar: FiscalCalendar): Period => {
  if (kind === 'month') return parsePeriod(monthOf(day), calendar);
  const monthsIn = Number(day.slice(5, 7)) - 1 - fiscalStart(calendar);
  const year = Number(day.slice(0, 4)) + Math.floor(monthsIn / 12);
  const quarter = Math.floor((monthsIn % 12) / 3) + 1;
  const text = String(year).padStart(4, '0');
  return parsePeriod(kind === 'year' ? text : `${text}-Q${String(quarter)}`, calendar);
};

/** How much of the period has gone by at `now`, 0–1, by the clock. */
export const elapsedShare = (period: Period, now: Instant, timeZone: string): number => {
  const from = Date.parse(startOfDay(period.from, timeZone));
  const to = Date.parse(startOfDay(period.to, timeZone));
  return Math.min(1, Math.max(0, (Date.parse(now) - from) / (to - from)));
};
