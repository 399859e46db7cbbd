import * as z from 'zod';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { StoreRecord } from '../commerce/entities.ts';
import { orderEntity, ordersOfStore } from '../commerce/entities.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import type { Deal } from '../domain/deal.ts';
import { dealEntity, dealsOfOwner, DELETED_BUT_BOOKED } from '../store/entities.ts';

/** Where a page begins. */
export const CountedPosition = z.object({
  partition: z.string(),
  after: z.record(z.string(), z.unknown()).optional(),
});
export type CountedPosition = z.infer<typeof CountedPosition>;

export interface CountedPage {
  readonly deals: readonly Stored<Deal>[];
  readonly orders: readonly Stored<OrderRecord>[];
  readonly next?: CountedPosition | undefined;
}

const PAGE = 100;

/** Every member owns a partition of deals, whoever departed included, and every store one of orders. */
export const partitionsOf = (directory: DirectorySnapshot, stores: readonly StoreRecord[]): string[] =>
  [
    ...directory.members().map(({ id }) => dealsOfOwner(id)),
    ...stores.map(({ id }) => ordersOfStore(id)),
    DELETED_BUT_BOOKED,
  ].toSorted();

/**
 * A page of all deals and orders, from the indexes by owner and by store. Not among them is what counts for nothing: deleted
 * deals that count in no locked period, and orders that are known by a refund or a deletion alone.
 */
export const countedPage = async (
  table: Table,
  partitions: readonly string[],
  position: CountedPosition | undefined,
): Promise<CountedPage> => {
  const rest = partitions.filter((partition) => partition >= (position?.partition ?? ''));
  for (const [index, pk] of rest.entries()) {
    const after = pk === position?.partition ? position.after : undefined;
    const { items, lastKey } = await table.query({ index: 'gsi1', pk, limit: PAGE, after });
    if (items.length === 0) continue;
    const following = rest[index + 1];
    const next =
      lastKey !== undefined
        ? { partition: pk, after: lastKey }
        : following !== undefined
          ? { partition: following }
          : undefined;
    return {
      deals: items.filter(({ type }) => type === dealEntity.type).map((item) => storedFrom<Deal>(item)),
      orders: items
        .filter(({ type }) => type === orderEntity.type)
        .map((item) => storedFrom<OrderRecord>(item)),
      next,
    };
  }
  return { deals: [], orders: [] };
};
