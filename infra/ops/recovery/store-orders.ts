import { orderEntity, ordersOfStore } from '../../../services/deals/commerce/entities.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { StoreId } from '../../../shared/ids/id.ts';

const PAGE = 500;

/** Version by order id. An order that is known by a refund or a deletion alone is not among them. */
export type OrderVersions = ReadonlyMap<string, number>;

/** Of every order of the store, as the index has them. */
export const orderVersions = async (table: Table, storeId: StoreId): Promise<OrderVersions> => {
  const versions = new Map<string, number>();
  let after: Item | undefined;
  do {
    const page = await table.query({ index: 'gsi1', pk: ordersOfStore(storeId), limit: PAGE, after });
    for (const item of page.items) {
      const { id, version } = storedFrom<{ id: string }>(item);
      versions.set(id, version);
    }
    after = page.lastKey;
  } while (after !== undefined);
  return versions;
};

export interface OrderChanges {
  readonly made: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** What has become of the store's orders since. Known ones are read from the table itself, for its index may lag. */
export const orderChangesSince = async (
  table: Table,
  storeId: StoreId,
  before: OrderVersions,
): Promise<OrderChanges> => {
  const now = await orderVersions(table, storeId);
  const ids = [...before.keys()];
  let changed = 0;
  for (let start = 0; start < ids.length; start += PAGE) {
    const items = await table.batchGet(ids.slice(start, start + PAGE).map((id) => orderEntity.key(id)));
    changed += items
      .map((item) => storedFrom<{ id: string }>(item))
      .filter(({ id, version }) => version !== before.get(id)).length;
  }
  const made = [...now.keys()].filter((id) => !before.has(id)).length;
  return { made, changed, unchanged: before.size - changed };
};
