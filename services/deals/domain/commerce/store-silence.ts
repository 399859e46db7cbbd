import type { StoreSilenceState } from '../../../../shared/events/stores.ts';
import type { StoreId } from '../../../../shared/ids/id.ts';
import type { Instant } from '../../../../shared/time/instant.ts';

/** Two days: a small shop has its quiet Sundays. */
export const USUAL_SILENCE_HOURS = 48;

const HOUR_MS = 3_600_000;

interface Heard {
  readonly id: StoreId;
  readonly silenceHours?: number | undefined;
  /** Absent for a store that was never heard of: it is being connected, not silent. */
  readonly lastEventAt?: Instant | undefined;
}

/** Whether the store was silent for longer than it may be; undefined for one that was never heard of. */
export const silenceOf = (
  { id, silenceHours = USUAL_SILENCE_HOURS, lastEventAt }: Heard,
  now: Instant,
): StoreSilenceState | undefined =>
  lastEventAt === undefined
    ? undefined
    : {
        id,
        lastEventAt,
        silenceHours,
        silent: Date.parse(now) - Date.parse(lastEventAt) > silenceHours * HOUR_MS,
      };
