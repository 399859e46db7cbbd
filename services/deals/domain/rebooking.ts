import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { Booked, BookedLine } from '../../../shared/events/deals.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { bookedOn, isLocked, type LockedDays } from './locked-days.ts';

/** What something counts on one date. */
export interface Posting {
  /** Tells it from the others of the same deal or order. */
  readonly key: string;
  /** When it happened. */
  readonly date: Instant;
  /** When it counts: another day only where `date` lay in a locked period as it was written. */
  readonly at: Instant;
  readonly line: Omit<BookedLine, 'at' | 'reversedAt'>;
  /** All that decides how much it counts, and for whom, as one text. */
  readonly told: string;
}

export type Basis = Omit<Booked, 'lines'>;

export interface Books {
  readonly locked: LockedDays;
  readonly timeZone: string;
}

/** Nothing is locked, so no zone is asked for. */
export const openBooks: Books = { locked: [], timeZone: 'UTC' };

const isKept = (before: Posting, after: Posting | undefined): boolean =>
  before.date === after?.date && before.told === after.told;

const compared = (before: readonly Posting[], after: readonly Posting[]) => {
  const was = new Map(before.map((posting) => [posting.key, posting]));
  const is = new Map(after.map((posting) => [posting.key, posting]));
  return {
    kept: before.filter((posting) => isKept(posting, is.get(posting.key))),
    gone: before.filter((posting) => !isKept(posting, is.get(posting.key))),
    fresh: after.filter((posting) => {
      const former = was.get(posting.key);
      return former === undefined || !isKept(former, posting);
    }),
  };
};

/** The dates whose numbers a change from `before` to `after` would change. */
export const touchedDates = (before: readonly Posting[], after: readonly Posting[]): Instant[] => {
  const { gone, fresh } = compared(before, after);
  return [...gone.map(({ at }) => at), ...fresh.map(({ date }) => date)];
};

const countsNothing = ({ kind, reportingAmount }: Posting['line']): boolean =>
  (kind === 'adjusted' || kind === 'refunded' || kind === 'cancelled') &&
  (reportingAmount?.amount ?? 0) === 0;

export interface Rebooked {
  /** By key: when it counts, where that is not its own date. */
  readonly bookedAt: ReadonlyMap<string, Instant>;
  /** What goes on counting on locked days, and is taken back on the first open day after. */
  readonly reversed: readonly BookedLine[];
}

/**
 * Where everything counts after a change. What stays as it was stays where it was counted. What is new or another counts on its
 * own date, or on the first open day after if that is locked; and what it takes the place of goes, or stays on its locked day and
 * is taken back on the first open one.
 */
export const rebook = (
  before: readonly Posting[],
  after: readonly Posting[],
  { locked, timeZone }: Books,
): Rebooked => {
  const { kept, gone, fresh } = compared(before, after);
  const bookedAt = new Map<string, Instant>();
  for (const { key, date, at } of kept) if (at !== date) bookedAt.set(key, at);
  for (const { key, date } of fresh) {
    const at = bookedOn(locked, date, timeZone);
    if (at !== undefined) bookedAt.set(key, at);
  }
  const reversed = gone
    .filter(({ at, line }) => isLocked(locked, at, timeZone) && !countsNothing(line))
    .map(({ at, line }) => ({ ...line, at, reversedAt: bookedOn(locked, at, timeZone) ?? at }));
  return { bookedAt, reversed };
};

/** Bounds the item. More than one a locked period is not made, so that this is years of locks. */
const MAX_BOOKED = 20;

/** @throws Unprocessable beyond 20 */
export const withReversed = (
  booked: readonly Booked[] | undefined,
  basis: Basis | undefined,
  reversed: readonly BookedLine[],
): Booked[] | undefined => {
  if (basis === undefined || reversed.length === 0) return booked && [...booked];
  const next = [...(booked ?? []), { ...basis, lines: [...reversed] }];
  if (next.length <= MAX_BOOKED) return next;
  throw new Unprocessable(
    `It has been changed after its period was locked ${MAX_BOOKED} times; more can’t be kept.`,
  );
};
