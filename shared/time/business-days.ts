import type { Day } from './instant.ts';
import { addDays, daysBetween } from './zone.ts';

/** On which days an organization does business. */
export interface BusinessCalendar {
  /** ISO weekdays, 1 Monday – 7 Sunday. */
  readonly businessDays: readonly number[];
  /** Days off beside those of the week; none where absent. */
  readonly holidays?: readonly Day[] | undefined;
}

const weekday = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

const isWithin = (day: Day, from: Day, to: Day): boolean => from <= day && day < to;

/** Business days from `from` on, before `to`: those of the week, less the holidays among them. */
export const businessDaysBetween = (
  from: Day,
  to: Day,
  { businessDays, holidays = [] }: BusinessCalendar,
): number => {
  const length = Math.max(0, daysBetween(from, to));
  const isOfWeek = (day: Day): boolean => businessDays.includes(weekday(day));
  const rest = Array.from({ length: length % 7 }, (_, index) => addDays(from, index)).filter(isOfWeek);
  const inWeeks = Math.floor(length / 7) * new Set(businessDays).size;
  const off = [...new Set(holidays)].filter((day) => isWithin(day, from, to) && isOfWeek(day));
  return inWeeks + rest.length - off.length;
};

/** The same days themselves, in order. Meant for periods: it makes one entry per day. */
export const businessDaysIn = (
  from: Day,
  to: Day,
  { businessDays, holidays = [] }: BusinessCalendar,
): Day[] => {
  const off = new Set(holidays);
  return Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, index) =>
    addDays(from, index),
  ).filter((day) => businessDays.includes(weekday(day)) && !off.has(day));
};
