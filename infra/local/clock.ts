import type { RunnerState } from './state.ts';

const SETTING = 'clock-offset';

/** A clock that was asked to go back: stored instants would then lie in the future. */
export class ClockOnlyMovesForward extends Error {
  override readonly name = 'ClockOnlyMovesForward';
}

/**
 * The time that functions and schedules see: the machine's, moved forward by an offset that survives a restart.
 * The offset lies in shared memory, so that every worker sees a move at once.
 */
export class LocalClock {
  readonly shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  readonly #offset = new Float64Array(this.shared);
  readonly #state: RunnerState;

  constructor(state: RunnerState) {
    this.#state = state;
    this.#offset[0] = Number(state.setting(SETTING) ?? 0);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + (this.#offset[0] ?? 0);
  }

  isMoved(): boolean {
    return this.#offset[0] !== 0;
  }

  /** Moves to `target` (milliseconds since the epoch). Throws ClockOnlyMovesForward. */
  moveTo(target: number): void {
    const offset = Math.round(target - Date.now());
    if (target < this.now() - 1000) {
      throw new ClockOnlyMovesForward(
        `the clock stands at ${new Date(this.now()).toISOString()} and only moves forward`,
      );
    }
    this.#offset[0] = offset;
    this.#state.keepSetting(SETTING, String(offset));
  }
}
