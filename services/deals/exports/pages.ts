import * as z from 'zod';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { IndexName, Table } from '../../../shared/dynamodb/table.ts';
import type { Cells, ReadExport } from '../../../shared/exports/kind.ts';
import type { Day } from '../../../shared/time/instant.ts';

const PAGE = 250;

const Position = z.object({
  partition: z.string(),
  after: z.record(z.string(), z.unknown()).optional(),
});

/** Whether the day of the instant, or the day itself, is within the range, both ends included. */
export const isWithin = (
  at: string | undefined,
  { from, to }: { from?: Day | undefined; to?: Day | undefined },
) => {
  const day = at?.slice(0, 10) ?? '';
  return (from === undefined || day >= from) && (to === undefined || (day !== '' && day <= to));
};

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
