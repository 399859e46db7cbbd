import { Temporal } from 'temporal-polyfill';
import { Unprocessable } from '../errors/errors.ts';
import type { Day, Instant } from './instant.ts';

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse('0000-01-01');
const LAST_DAY = Date.parse('9999-12-31');

/** A stretch of time within which the zone's offset to UTC does not change; milliseconds, `to` exclusive. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Days are asked for once per deal; the zone's rules are asked for once per stretch. */
const stretches = new Map<string, Stretch[]>();

const findStretch = (at: number, timeZone: string): Stretch => {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  // `previous` is the last transition strictly before its argument; a nanosecond later it may be `at` itself.
  const from = zoned.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const to = zoned.getTimeZoneTransition('next');
  return {
    from: from?.epochMilliseconds ?? -Infinity,
    to: to?.epochMilliseconds ?? Infinity,
    offset: zoned.offsetNanoseconds / 1_000_000,
  };
};

const stretchAt = (at: number, timeZone: string): Stretch => {
  const known = stretches.get(timeZone) ?? [];
  const hit = known.find(({ from, to }) => from <= at && at < to);
  if (hit !== undefined) return hit;
  const found = findStretch(at, timeZone);
  stretches.set(timeZone, [found, ...known]);
  return found;
};

/** Whether the text names an IANA time zone, as `Europe/Rome` does. */
export const isTimeZone = (text: string): boolean => {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
};

const dayOfMilliseconds = (milliseconds: number): Day =>
  new Date(milliseconds).toISOString().slice(0, 10) as Day;

/** The calendar day on which the instant falls in the zone. */
export const dayOf = (instant: Instant, timeZone: string): Day => {
  const at = Date.parse(instant);
  return dayOfMilliseconds(at + (timeZone === 'UTC' ? 0 : stretchAt(at, timeZone).offset));
};

/**
 * The day's first instant in the zone; 01:00 where clocks jump over midnight. Throws `Unprocessable` for a day that begins
 * outside of the years 1 to 9999.
 */
export const startOfDay = (day: Day, timeZone: string): Instant => {
  const start = Temporal.PlainDate.from(day).toZonedDateTime(timeZone).startOfDay().epochMilliseconds;
  const text = new Date(start).toISOString();
  if (!/^(?!0000)\d{4}-/.test(text)) throw new Unprocessable(`${day} is out of range.`);
  return text as Instant;
};

const parseDay = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

/** `n` days later, or earlier where negative. Throws `Unprocessable` beyond the years 0 to 9999. */
export const addDays = (day: Day, n: number): Day => {
  const moved = parseDay(day) + n * DAY_MS;
  if (moved < FIRST_DAY || moved > LAST_DAY)
    throw new Unprocessable(`${String(n)} days from ${day} is out of range.`);
  return dayOfMilliseconds(moved);
};

/** The same day `n` months later, or the last one of a month that is shorter. Throws `Unprocessable` beyond the year 9999. */
export const addMonths = (day: Day, n: number): Day => {
  const moved = Temporal.PlainDate.from(day).add({ months: n });
  if (moved.year > 9_999) throw new Unprocessable(`${String(n)} months from ${day} is out of range.`);
  return moved.toString() as Day;
};

/** Whole days from `from` to `to`; negative where `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => (parseDay(to) - parseDay(from)) / DAY_MS;
