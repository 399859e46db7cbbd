import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { PeriodLockState } from '../../../shared/events/books.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import type { Period } from '../../../shared/time/period.ts';

/** The lock of a period. @throws Unprocessable for days that are no month, quarter or year, and for one that has not ended */
export const lockOf = (
  { text, kind, from, to }: Period,
  { today, now }: { readonly today: Day; readonly now: Instant },
): PeriodLockState => {
  if (kind === 'range')
    throw new Unprocessable('Months, quarters and years are locked, not ranges of days.', [
      { in: 'path', path: '/period', message: 'must be as 2026-11, 2026-Q4 or 2026' },
    ]);
  if (to > today)
    throw new Unprocessable(`${text} has not ended: it can be locked from ${to} on.`, [
      { in: 'path', path: '/period', message: `must have ended before ${today}` },
    ]);
  return { id: text, kind, from, to, lockedAt: now };
};
