import { DynamoDb } from './aws/dynamodb.ts';
import type { Objects } from './aws/objects.ts';
import type { LocalClock } from './clock.ts';
import type { Serve } from './local-http.ts';
import type { Stack } from './stack.ts';
import type { RunnerState } from './state.ts';
import { TableExports } from './table-exports.ts';
import { TableHistory } from './table-history.ts';
import { TableRestores } from './table-restores.ts';
import type { TableEngine } from './tables.ts';

interface RecoveryParts {
  readonly stack: Pick<Stack, 'tables' | 'buckets'>;
  readonly engine: TableEngine;
  /** The engine's file. */
  readonly path: string;
  readonly state: RunnerState;
  readonly objects: Objects;
  readonly clock: LocalClock;
  readonly keepHistory: boolean;
  readonly warn: (text: string) => void;
}

/** The tables as they were: their history, copies of it, and what operators ask DynamoDB for. */
export class TableRecovery {
  readonly serve: Serve;
  readonly #history: TableHistory;
  readonly #restores: TableRestores;
  readonly #exports: TableExports;

  constructor({ stack, engine, path, state, objects, clock, keepHistory, warn }: RecoveryParts) {
    this.#history = new TableHistory(path, clock, keepHistory);
    this.#restores = new TableRestores({ engine, history: this.#history, state, warn });
    this.#exports = new TableExports(state, objects, clock);
    this.serve = new DynamoDb({
      tables: stack.tables,
      buckets: stack.buckets,
      engine,
      history: this.#history,
      restores: this.#restores,
      exports: this.#exports,
      clock,
    }).serve;
  }

  /** Copies and exports that are being made. */
  get running(): number {
    return this.#restores.running + this.#exports.running;
  }

  /** Removes what a former run has left unfinished. */
  async clear(): Promise<void> {
    await this.#restores.clear();
  }

  stop(): void {
    this.#restores.stop();
    this.#exports.stop();
    this.#history.close();
  }
}
