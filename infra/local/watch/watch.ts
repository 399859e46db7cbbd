import type { AlarmSpec } from '../stack-alarms.ts';
import { Alarms } from './alarms.ts';
import { KEPT_MS, MetricStore } from './metric-store.ts';
import { PERIOD_MS } from './metric.ts';

/** Looks at what is counted by looking, queues above all; answers how to write that down for any moment, as the clock may have jumped. */
export type Look = (store: MetricStore) => (at: number) => void;

/**
 * CloudWatch of this run: its metrics, and its alarms, which are evaluated at the end of each minute. The minutes are the local clock's:
 * when it is moved, those in between are evaluated at once, each with the values that it has.
 */
export class Watch {
  readonly store: MetricStore;
  readonly alarms: Alarms;
  readonly #clock: { now(): number };
  readonly #look: Look;
  /** The end of the next minute to evaluate. */
  #next: number;
  #timer: NodeJS.Timeout | undefined;

  constructor({
    alarms,
    clock,
    look,
    warn,
  }: {
    alarms: readonly AlarmSpec[];
    clock: { now(): number };
    look: Look;
    warn: (text: string) => void;
  }) {
    const now = clock.now();
    this.store = new MetricStore(clock, warn);
    this.alarms = new Alarms(alarms, this.store, now);
    this.#clock = clock;
    this.#look = look;
    this.#next = (Math.floor(now / PERIOD_MS) + 1) * PERIOD_MS;
  }

  start(): void {
    this.#timer = setTimeout(
      () => {
        this.catchUp();
        this.start();
      },
      Math.max(1, this.#next - this.#clock.now()),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Evaluates what the clock has passed by. */
  clockMoved(): void {
    this.catchUp();
    this.stop();
    this.start();
  }

  /** Evaluates the minutes that have ended, the last three hours of them at most: of earlier ones nothing is kept. */
  catchUp(): void {
    const now = this.#clock.now();
    if (now < this.#next) return;
    const writeDown = this.#look(this.store);
    const last = Math.floor(now / PERIOD_MS) * PERIOD_MS;
    for (let at = Math.max(this.#next, last - KEPT_MS); at <= last; at += PERIOD_MS) {
      writeDown(at - 1);
      this.alarms.evaluate(at);
    }
    this.#next = last + PERIOD_MS;
    this.store.forget(now);
  }

  /** As things stand now, the minute that is not over included. */
  upToDate(): void {
    this.catchUp();
    this.#look(this.store)(this.#clock.now());
  }
}
