import type { Condition, Update } from '../../shared/dynamodb/expressions.ts';
import type { Item, Key } from '../../shared/dynamodb/item.ts';
import type { Page, TableQuery } from '../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../shared/dynamodb/write-errors.ts';
import type { Clock } from '../../shared/time/instant.ts';

/** The process died here, for all that the test can tell. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** What a test does to a call: lets it through, or lets the process die before or after it took effect. */
export type Fault = 'none' | 'before' | 'after';

export interface InMemoryTableOptions {
  readonly clock: Clock;
  /** Asked once per call. */
  readonly fault?: () => Fault;
  /** Waited for on the way to the table and back, so that a test can interleave callers as it likes. */
  readonly passing?: () => Promise<unknown>;
}

const textOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);
const keyOfItem = (item: Item): Key => ({ pk: String(item.pk), sk: String(item.sk) });

const keyOf = (write: TransactItem): Key => {
  if ('put' in write) return keyOfItem(write.put);
  if ('update' in write) return write.update.key;
  return 'remove' in write ? write.remove : write.check;
};

const holds = (condition: Condition | undefined, item: Item | undefined): boolean => {
  switch (condition?.kind) {
    case undefined:
      return true;
    case 'absent':
      return item === undefined;
    case 'present':
      return item !== undefined;
    case 'equals':
      return Object.entries(condition.attributes).every(([name, value]) => item?.[name] === value);
    case 'newer': {
      const [epoch, version] = [Number(item?.epoch), Number(item?.version)];
      return (
        item === undefined ||
        epoch < condition.epoch ||
        (epoch === condition.epoch && version < condition.version)
      );
    }
  }
};

const updated = (item: Item | undefined, { key, set = {}, add = {}, remove = [] }: Update): Item => {
  const kept = Object.entries({ ...key, ...item }).filter(([name]) => !remove.includes(name));
  const sums = Object.entries(add).map(([name, by]) => [name, Number(item?.[name] ?? 0) + by]);
  const settings = Object.entries(set).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...kept, ...settings, ...sums]) as Item;
};

/** Reads and transactions of a table, without an engine, and with whatever goes wrong between two awaits. */
export class InMemoryTable {
  readonly epoch = 0;
  readonly clock: Clock;
  readonly #items = new Map<string, Item>();
  readonly #fault: () => Fault;
  readonly #passing: () => Promise<unknown>;

  constructor({ clock, fault = () => 'none', passing = () => Promise.resolve() }: InMemoryTableOptions) {
    this.clock = clock;
    this.#fault = fault;
    this.#passing = passing;
  }

  items(): Item[] {
    return [...this.#items.values()];
  }

  async batchGet(keys: readonly Key[]): Promise<Item[]> {
    return this.#call(() =>
      keys.map((key) => this.#items.get(textOf(key))).filter((item) => item !== undefined),
    );
  }

  /** By the table's own key only. */
  async query({ pk, skPrefix = '', skFrom = '', skTo }: TableQuery): Promise<Page<Item>> {
    const isWithin = (sk: string): boolean =>
      sk.startsWith(skPrefix) && sk >= skFrom && (skTo === undefined || sk <= skTo);
    return this.#call(() => ({
      items: this.items()
        .filter((item) => item.pk === pk && isWithin(String(item.sk)))
        .toSorted((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1)),
    }));
  }

  async transact(writes: readonly TransactItem[]): Promise<void> {
    if (writes.length > 100) throw new RangeError(`${String(writes.length)} writes in a transaction`);
    if (new Set(writes.map(keyOf).map(textOf)).size < writes.length)
      throw new RangeError('two writes of one item');
    await this.#call(() => {
      const refused = writes.flatMap((write, index) =>
        holds(write.condition, this.#items.get(textOf(keyOf(write)))) ? [] : [index],
      );
      if (refused.length > 0) throw new ConditionFailed(refused, new Map());
      for (const write of writes) this.#write(write);
    });
  }

  #write(write: TransactItem): void {
    const text = textOf(keyOf(write));
    if ('put' in write) this.#items.set(text, write.put);
    else if ('update' in write) this.#items.set(text, updated(this.#items.get(text), write.update));
    else if ('remove' in write) this.#items.delete(text);
  }

  async #call<T>(effect: () => T): Promise<T> {
    await this.#passing();
    const fault = this.#fault();
    if (fault === 'before') throw new Crash();
    const result = effect();
    await this.#passing();
    if (fault === 'after') throw new Crash();
    return result;
  }
}
