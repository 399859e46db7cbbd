import type { FunctionPool } from './function-pool.ts';
import { dueAfter } from './schedule-expression.ts';
import type { ScheduleSpec } from './stack-schedules.ts';

/** How many turns one move of the clock may cause: beyond these, the latest ones are taken. */
const MOST_TURNS = 50;
/** setTimeout takes no more than 24.8 days. */
const LONGEST_SLEEP_MS = 86_400_000;

interface Turn {
  readonly spec: ScheduleSpec;
  readonly at: number;
}

/**
 * The stack's schedules, by the local clock. When it is moved, the turns on the way are taken, one after the other in the order in which
 * they were due; functions see the new time meanwhile. A turn that fails is not tried again: the next one comes.
 */
export class Schedules {
  readonly #specs: readonly ScheduleSpec[];
  readonly #clock: { now(): number };
  readonly #functions: Pick<FunctionPool, 'invoke'>;
  readonly #warn: (text: string) => void;
  /** Rates count from here. */
  readonly #origin: number;
  /** Everything due until then was taken. */
  #taken: number;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    specs: readonly ScheduleSpec[],
    parts: {
      clock: { now(): number };
      functions: Pick<FunctionPool, 'invoke'>;
      warn: (text: string) => void;
    },
  ) {
    this.#specs = specs;
    this.#clock = parts.clock;
    this.#functions = parts.functions;
    this.#warn = parts.warn;
    this.#origin = this.#clock.now();
    this.#taken = this.#origin;
  }

  /** Turns that are due and not over. */
  get waiting(): number {
    return this.#waiting;
  }

  start(): void {
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Takes the turns that are due by now. */
  catchUp(): void {
    const now = this.#clock.now();
    const due = this.#specs.flatMap((spec) => this.#due(spec, now)).sort((a, b) => a.at - b.at);
    this.#taken = Math.max(this.#taken, now);
    const turns = due.slice(-MOST_TURNS);
    if (turns.length < due.length) {
      this.#warn(
        `the clock passed more turns of schedules than are taken at once: ${String(due.length - turns.length)} or more left out, the latest ${String(turns.length)} taken`,
      );
    }
    for (const turn of turns) this.#take(turn);
    this.#arm();
  }

  /** The turns of a schedule until `now`: the latest ones, and one more than may be taken where there are more. */
  #due(spec: ScheduleSpec, now: number): readonly Turn[] {
    const turns: Turn[] = [];
    for (
      let at = dueAfter(spec, this.#origin, this.#taken);
      at !== undefined && at <= now;
      at = dueAfter(spec, this.#origin, at)
    ) {
      turns.push({ spec, at });
      if (turns.length > MOST_TURNS + 1) turns.shift();
    }
    return turns;
  }

  #take({ spec }: Turn): void {
    this.#waiting += 1;
    this.#queue = this.#queue
      .then(() => (this.#stopped ? undefined : this.#functions.invoke(spec.functionName, spec.input)))
      .finally(() => (this.#waiting -= 1));
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const next = this.#specs.flatMap((spec) => dueAfter(spec, this.#origin, this.#taken) ?? []);
    if (next.length === 0) return;
    const sleep = Math.min(LONGEST_SLEEP_MS, Math.max(1, Math.min(...next) - this.#clock.now()));
    this.#timer = setTimeout(() => this.catchUp(), sleep);
  }
}
