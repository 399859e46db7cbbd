import * as z from 'zod';
import { Instant } from '../../../shared/time/instant.ts';

/** `stage` is a stage's key, or `won` or `lost` for the close. */
export const StageEntry = z.object({ stage: z.string(), enteredAt: Instant });
export type StageEntry = z.infer<typeof StageEntry>;

/** Bounds the item: about 3 KB. A deal that moves more often keeps its first entry and its latest ones. */
export const MAX_STAGE_ENTRIES = 50;

/** The history with one more entry. Never goes back in time: a close dated earlier than the last move took no time. */
export const entered = (history: readonly StageEntry[], stage: string, at: Instant): StageEntry[] => {
  const last = history.at(-1);
  const entry = { stage, enteredAt: last !== undefined && last.enteredAt > at ? last.enteredAt : at };
  const all = [...history, entry];
  return all.length <= MAX_STAGE_ENTRIES
    ? all
    : [...all.slice(0, 1), ...all.slice(all.length - MAX_STAGE_ENTRIES + 1)];
};

export const StageVisit = StageEntry.extend({
  /** Absent while the deal stands there. */
  leftAt: Instant.optional(),
  /** Until now, while it stands there; null for `won` and `lost`, where nothing is waited for. */
  durationSeconds: z.int().nullable(),
});

/** The history with how long the deal stood in each stage. */
export const stageVisits = (history: readonly StageEntry[], now: Instant): z.infer<typeof StageVisit>[] =>
  history.map(({ stage, enteredAt }, index) => {
    const leftAt = history[index + 1]?.enteredAt;
    const seconds = Math.max(0, Math.round((Date.parse(leftAt ?? now) - Date.parse(enteredAt)) / 1000));
    const isClose = stage === 'won' || stage === 'lost';
    return { stage, enteredAt, ...(leftAt && { leftAt }), durationSeconds: isClose ? null : seconds };
  });
