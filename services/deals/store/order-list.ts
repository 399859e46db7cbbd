import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { StoreId } from '../../../shared/ids/id.ts';
import { orderSortKey, ordersOfStore } from '../commerce/entities.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { mergedQuery } from './merged-query.ts';

/** After this many orders that aren't wanted, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;
/** Around every instant that an order may have been placed at. */
const WHOLE = { from: '0', to: '\uffff' } as const;

export interface OrderQuery {
  readonly storeIds: readonly StoreId[];
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: string | undefined;
  /** Whether the caller may see it. */
  readonly isWanted: (order: OrderRecord) => boolean;
}

export interface OrderPage {
  readonly items: readonly Stored<OrderRecord>[];
  /** Sort key of the last order that was looked at, if there may be more. */
  readonly after?: string;
}

/** The stores' orders as one list, the latest first. */
export const orderPage = async (
  table: Table,
  { storeIds, limit, after, isWanted }: OrderQuery,
): Promise<OrderPage> => {
  const items: Stored<OrderRecord>[] = [];
  const query = mergedQuery({
    table,
    index: 'gsi1',
    partitions: storeIds.map(ordersOfStore),
    range: { ...WHOLE, ...(after !== undefined && { to: after }) },
    descending: true,
    expected: limit,
  });
  let examined = 0;
  let last = '';
  for await (const item of query) {
    const order = storedFrom<OrderRecord>(item);
    const key = orderSortKey(order);
    if (key === after) continue;
    const isOneMore = items.length === limit && isWanted(order);
    if (isOneMore || examined === MAX_EXAMINED) return { items, after: last };
    if (isWanted(order)) items.push(order);
    examined += 1;
    last = key;
  }
  return { items };
};
