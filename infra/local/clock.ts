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
  /** By how much the clock was ahead, and from which machine time on; oldest first. */
  #moves: readonly { readonly from: number; readonly offset: number }[];

  readonly #watchers: (() => void)[] = [];

  constructor(state: RunnerState) {
    this.#state = state;
    const offset = Number(state.setting(SETTING) ?? 0);
    this.#offset[0] = offset;
    this.#moves = [{ from: 0, offset }];
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + (this.#offset[0] ?? 0);
  }

  /** What this clock showed at a machine time, both in milliseconds; before the start, as at the start. */
  localTimeOf(machine: number): number {
    return machine + (this.#moves.findLast(({ from }) => from <= machine)?.offset ?? 0);
  }

  isMoved(): boolean {
    return this.#offset[0] !== 0;
  }

  /** Calls `tell` after each move. */
  onMove(tell: () => void): void {
    this.#watchers.push(tell);
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
    this.#moves = [...this.#moves, { from: Date.now(), offset }];
    this.#state.keepSetting(SETTING, String(offset));
    for (const tell of this.#watchers) tell();
  }
}
