import * as z from 'zod';
import type { RunnerState } from './state.ts';
import type { TableHistory } from './table-history.ts';
import type { TableSpec } from './stack-tables.ts';
import type { TableEngine } from './tables.ts';

const SETTING = 'restoring tables';
const Names = z.array(z.string());
/** What BatchWriteItem takes at once. */
const BATCH = 25;

const Definition = z.looseObject({
  KeySchema: z.array(z.looseObject({ AttributeName: z.string() })),
  AttributeDefinitions: z.array(z.looseObject({ AttributeName: z.string() })),
  GlobalSecondaryIndexes: z
    .array(
      z.looseObject({
        IndexName: z.string(),
        KeySchema: z.array(z.looseObject({ AttributeName: z.string() })),
      }),
    )
    .default([]),
  BillingMode: z.string(),
});
const Written = z.object({ UnprocessedItems: z.record(z.string(), z.array(z.unknown())).default({}) });

export interface Restore {
  readonly source: TableSpec;
  readonly target: string;
  /** Milliseconds since the epoch, by the local clock. */
  readonly at: number;
  /** The indexes that the copy gets; all of the source's unless given. */
  readonly indexes?: readonly string[];
}

export const keyNamesOf = ({ definition }: TableSpec): readonly string[] =>
  Definition.parse(definition).KeySchema.map(({ AttributeName }) => AttributeName);

/** As AWS restores a table: its keys and indexes, but no stream, no time to live. */
const copyOf = ({ source, target, indexes }: Restore) => {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } = Definition.parse(
    source.definition,
  );
  const kept = GlobalSecondaryIndexes.filter(({ IndexName }) => indexes?.includes(IndexName) !== false);
  const used = [KeySchema, ...kept.map((index) => index.KeySchema)]
    .flat()
    .map(({ AttributeName }) => AttributeName);
  return {
    TableName: target,
    KeySchema,
    AttributeDefinitions: AttributeDefinitions.filter(({ AttributeName }) => used.includes(AttributeName)),
    ...(kept.length === 0 ? {} : { GlobalSecondaryIndexes: kept }),
    BillingMode,
  };
};

/** Copies of tables as they were, made in the background. One that a run could not finish is gone at the next start. */
export class TableRestores {
  readonly #engine: TableEngine;
  readonly #history: TableHistory;
  readonly #state: RunnerState;
  readonly #warn: (text: string) => void;
  readonly #running = new Map<string, Restore>();
  #isStopped = false;

  constructor(parts: {
    engine: TableEngine;
    history: TableHistory;
    state: RunnerState;
    warn: (text: string) => void;
  }) {
    this.#engine = parts.engine;
    this.#history = parts.history;
    this.#state = parts.state;
    this.#warn = parts.warn;
  }

  get running(): number {
    return this.#running.size;
  }

  /** The restore that is making a table at this moment. */
  find(target: string): Restore | undefined {
    return this.#running.get(target);
  }

  /** Removes what a former run has left half full. */
  async clear(): Promise<void> {
    const left = Names.parse(JSON.parse(this.#state.setting(SETTING) ?? '[]'));
    for (const TableName of left) await this.#engine.call('DeleteTable', { TableName });
    this.#state.dropSetting(SETTING);
  }

  /** Makes the table, and goes on filling it after this returns. Throws when it can't be made. */
  async start(restore: Restore): Promise<void> {
    const { source, target, at } = restore;
    this.#running.set(target, restore);
    this.#keepNames();
    try {
      const items = this.#history.itemsAt(source.name, keyNamesOf(source), at);
      const created = await this.#engine.call('CreateTable', copyOf(restore));
      if (!created.ok) throw new Error(`table ${target}: ${JSON.stringify(created.body)}`);
      void this.#fill(target, items);
    } catch (error) {
      this.#end(target);
      throw error;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #fill(target: string, items: readonly string[]): Promise<void> {
    try {
      for (let at = 0; at < items.length && !this.#isStopped; at += BATCH) {
        const requests = items
          .slice(at, at + BATCH)
          .map((item) => ({ PutRequest: { Item: JSON.parse(item) as unknown } }));
        await this.#write(target, requests);
      }
      // What is half full stays on the list of those to be removed.
      if (!this.#isStopped) this.#end(target);
    } catch (error) {
      if (this.#isStopped) return;
      this.#warn(
        `${target} could not be restored: ${error instanceof Error ? error.message : String(error)}`,
      );
      await this.#engine.call('DeleteTable', { TableName: target });
      this.#end(target);
    }
  }

  async #write(target: string, requests: readonly unknown[]): Promise<void> {
    for (let left = requests; left.length > 0 && !this.#isStopped;) {
      const { ok, body } = await this.#engine.call('BatchWriteItem', { RequestItems: { [target]: left } });
      if (!ok) throw new Error(JSON.stringify(body));
      left = Written.parse(body).UnprocessedItems[target] ?? [];
    }
  }

  #end(target: string): void {
    this.#running.delete(target);
    this.#keepNames();
  }

  #keepNames(): void {
    this.#state.keepSetting(SETTING, JSON.stringify([...this.#running.keys()]));
  }
}
