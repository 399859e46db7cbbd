import { type Day, type Instant, instantFrom } from '../../../shared/time/instant.ts';
import { dayOf, startOfDay } from '../../../shared/time/zone.ts';

/** Days of locked periods; half-open. */
export interface LockedRange {
  readonly from: Day;
  readonly to: Day;
}

/** Apart from one another, in their order. */
export type LockedDays = readonly LockedRange[];

const covering = (locked: LockedDays, day: Day): LockedRange | undefined =>
  locked.find(({ from, to }) => from <= day && day < to);

/** Whether the instant falls on a locked day of the zone. */
export const isLocked = (locked: LockedDays, at: Instant, timeZone: string): boolean =>
  covering(locked, dayOf(at, timeZone)) !== undefined;

/** Whether every one of these days is locked. */
export const isLockedWhole = (locked: LockedDays, { from, to }: LockedRange): boolean => {
  const around = covering(locked, from);
  return around !== undefined && to <= around.to;
};

/** The beginning of the first day from then on that is not locked; undefined where that very day is open. */
export const bookedOn = (locked: LockedDays, at: Instant, timeZone: string): Instant | undefined => {
  const around = covering(locked, dayOf(at, timeZone));
  return around && startOfDay(around.to, timeZone);
};

/** With one more range; those that touch become one, so that there are never more than gaps between them. */
export const withLocked = (locked: LockedDays, range: LockedRange): LockedDays => {
  const touches = ({ from, to }: LockedRange): boolean => from <= range.to && range.from <= to;
  const [first = range.from] = [range, ...locked.filter(touches)].map(({ from }) => from).toSorted();
  const last =
    [range, ...locked.filter(touches)]
      .map(({ to }) => to)
      .toSorted()
      .at(-1) ?? range.to;
  return [...locked.filter((each) => !touches(each)), { from: first, to: last }].toSorted((a, b) =>
    a.from < b.from ? -1 : 1,
  );
};

/** A write takes no longer than this from reading the books to its end. */
const LONGEST_WRITE_MILLISECONDS = 15 * 60_000;

/**
 * Only periods that are wholly past are locked, and none is shorter than a month: no day from the beginning of this month on
 * can be locked before a write that begins now has ended.
 */
export const isLockable = (
  at: Instant,
  { now, timeZone }: { readonly now: Instant; readonly timeZone: string },
) => {
  const end = instantFrom(Date.parse(now) + LONGEST_WRITE_MILLISECONDS);
  return dayOf(at, timeZone).slice(0, 7) < dayOf(end, timeZone).slice(0, 7);
};
