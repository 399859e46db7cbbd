import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { IndexName, Table } from '../../../shared/dynamodb/table.ts';

/** A range of sort keys, both ends included. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

export interface MergedQuery {
  readonly table: Table;
  readonly index: IndexName;
  /** Partitions whose items are wanted as one list, in the order of their sort keys. */
  readonly partitions: readonly string[];
  readonly range: KeyRange;
  readonly descending: boolean;
  /** How many items the caller is likely to take. */
  readonly expected: number;
}

const CONCURRENCY = 16;
const MIN_CHUNK = 5;

interface Run {
  readonly partition: string;
  buffer: readonly Item[];
  lastKey: Item | undefined;
}

/**
 * The items of several partitions as one sorted list, read as it is consumed: a k-way merge that fetches a partition's
 * next chunk when its last one is used up. Sort keys must be unique.
 */
export async function* mergedQuery(query: MergedQuery): AsyncGenerator<Item> {
  const { table, index, partitions, range, descending, expected } = query;
  const sk = `${index}sk`;
  const limit = Math.max(MIN_CHUNK, Math.ceil((2 * expected) / Math.max(1, partitions.length)));
  const fetch = async (partition: string, after?: Item): Promise<Run> => {
    const { items, lastKey } = await table.query({
      index,
      pk: partition,
      skFrom: range.from,
      skTo: range.to,
      descending,
      limit,
      after,
    });
    return { partition, buffer: items, lastKey };
  };
  const isBefore = (a: Item, b: Item) =>
    descending ? String(a[sk]) > String(b[sk]) : String(a[sk]) < String(b[sk]);

  let runs = await mapConcurrently(partitions, CONCURRENCY, async (partition) => fetch(partition));
  for (;;) {
    runs = runs.filter(({ buffer }) => buffer.length > 0);
    const next = runs.reduce<Run | undefined>((best, run) => {
      const [head] = run.buffer;
      const [bestHead] = best?.buffer ?? [];
      return head !== undefined && (bestHead === undefined || isBefore(head, bestHead)) ? run : best;
    }, undefined);
    const [head] = next?.buffer ?? [];
    if (next === undefined || head === undefined) return;
    yield head;
    next.buffer = next.buffer.slice(1);
    if (next.buffer.length === 0 && next.lastKey !== undefined)
      Object.assign(next, await fetch(next.partition, next.lastKey));
  }
}
