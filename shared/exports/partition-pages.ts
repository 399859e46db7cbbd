import * as z from 'zod';
import type { Item } from '../dynamodb/item.ts';
import type { IndexName, Table } from '../dynamodb/table.ts';
import type { Cells, ReadExport } from './kind.ts';

const PAGE = 250;

const Position = z.object({
  partition: z.string(),
  after: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Reads partitions of an index, one after the other in the order of their keys, each to its end. What moves to another
 * partition meanwhile may come twice, or not at all.
 */
export const partitionPages = (
  table: Table,
  {
    index,
    partitions,
    rowsOf,
  }: {
    readonly index: IndexName | undefined;
    readonly partitions: readonly string[];
    readonly rowsOf: (items: readonly Item[]) => readonly Cells[] | Promise<readonly Cells[]>;
  },
): ReadExport => {
  const ordered = [...new Set(partitions)].toSorted();
  return async (position) => {
    const start = position === undefined ? undefined : Position.parse(position);
    const rest = ordered.filter((partition) => partition >= (start?.partition ?? ''));
    for (const [at, pk] of rest.entries()) {
      const after = pk === start?.partition ? start.after : undefined;
      const { items, lastKey } = await table.query({ index, pk, limit: PAGE, after });
      if (items.length === 0) continue;
      const following = rest[at + 1];
      const rows = await rowsOf(items);
      if (lastKey !== undefined) return { rows, next: { partition: pk, after: lastKey } };
      return following === undefined ? { rows } : { rows, next: { partition: following } };
    }
    return { rows: [] };
  };
};
