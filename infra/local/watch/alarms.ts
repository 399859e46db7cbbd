import type { AlarmSpec } from '../stack-alarms.ts';
import { stateOf, valuesOf, type AlarmStateValue } from './alarm-state.ts';
import { notFed } from './fed-metrics.ts';
import type { MetricStore } from './metric-store.ts';

export interface AlarmStatus {
  readonly spec: AlarmSpec;
  readonly state: AlarmStateValue;
  readonly reason: string;
  /** When it came into this state, in milliseconds since the epoch by the local clock. */
  readonly since: number;
  /** When it was last looked at. */
  readonly updated: number;
  /** Why it never leaves its state here; undefined when it may. */
  readonly notFed: string | undefined;
}

export interface AlarmChange {
  readonly name: string;
  readonly from: AlarmStateValue;
  readonly to: AlarmStateValue;
  readonly at: number;
  readonly reason: string;
}

const KEPT_CHANGES = 200;

/** The stack's alarms: evaluated at the end of each minute of the local clock, kept in memory. */
export class Alarms {
  readonly #store: MetricStore;
  #statuses: readonly AlarmStatus[];
  #changes: readonly AlarmChange[] = [];

  constructor(specs: readonly AlarmSpec[], store: MetricStore, now: number) {
    this.#store = store;
    this.#statuses = specs.map((spec) => ({
      spec,
      state: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      since: now,
      updated: now,
      notFed: notFed(spec),
    }));
  }

  /** Looks at the values of the periods that have ended by `at`. */
  evaluate(at: number): void {
    this.#statuses = this.#statuses.map((status) => {
      const { state, reason } = stateOf(status.spec, valuesOf(status.spec, this.#store, at), status.state);
      if (state === status.state) return { ...status, reason, updated: at };
      const change = { name: status.spec.name, from: status.state, to: state, at, reason };
      this.#changes = [...this.#changes, change].slice(-KEPT_CHANGES);
      return { ...status, state, reason, since: at, updated: at };
    });
  }

  statuses(): readonly AlarmStatus[] {
    return this.#statuses;
  }

  /** The newest changes of state, oldest first. */
  changes(): readonly AlarmChange[] {
    return this.#changes;
  }
}
