import { setTimeout as delay } from 'node:timers/promises';

/** How often and after what pause a write is tried again. */
export interface Backoff {
  /** In all, the first included. */
  readonly attempts: number;
  /** Waits before attempt number `attempt` (1 is the first retry). */
  pause(attempt: number): Promise<void>;
}

/**
 * Full jitter: a random pause up to a bound that doubles, so that writers who met do not meet again.
 * See M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
const jitteredBackoff = (options: {
  readonly attempts: number;
  readonly baseMilliseconds: number;
  readonly maxMilliseconds: number;
  readonly random: () => number;
}): Backoff => ({
  attempts: options.attempts,
  pause: (attempt) =>
    delay(
      options.random() * Math.min(options.maxMilliseconds, options.baseMilliseconds * 2 ** (attempt - 1)),
    ),
});

export const defaultBackoff = jitteredBackoff({
  attempts: 10,
  baseMilliseconds: 20,
  maxMilliseconds: 1_000,
  random: Math.random,
});

/** What a failed attempt means: worth another, or final with the error that the caller gets. */
export type Outcome =
  | { readonly retry: true; readonly exhausted: (attempts: number) => unknown }
  | { readonly retry: false; readonly error: unknown };

/** Runs `attempt` until it succeeds, its error is final, or the attempts are used up. */
export const retrying = async (
  backoff: Backoff,
  outcomeOf: (error: unknown) => Outcome,
  attempt: () => Promise<void>,
): Promise<void> => {
  for (let tried = 1; ; tried += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      const outcome = outcomeOf(error);
      if (!outcome.retry) throw outcome.error;
      if (tried >= backoff.attempts) throw outcome.exhausted(tried);
      await backoff.pause(tried);
    }
  }
};
