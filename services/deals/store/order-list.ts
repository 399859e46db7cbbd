import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { IndexName, Table } from '../../../shared/dynamodb/table.ts';
import type { DealId, StoreId } from '../../../shared/ids/id.ts';
import { orderEntity, orderSortKey, ordersOfStore } from '../commerce/entities.ts';
import { dealOrders, ordersOfAccount, ordersOfCustomer, ordersOfOwner } from '../commerce/order-places.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { mergedQuery } from './merged-query.ts';

/** After this many orders that aren't wanted, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;
/** Around every instant that an order may have been placed at. */
const FIRST = '0';
const LAST = '\uffff';
/** Stand-ins are exchanged for their orders so many at a time. */
const CHUNK = 50;

/** Whose orders are listed: the narrowest list that holds them all. */
export type OrdersOf =
  | { readonly kind: 'stores'; readonly ids: readonly StoreId[] }
  | { readonly kind: 'owners' | 'account' | 'customer'; readonly ids: readonly string[] }
  | { readonly kind: 'deal'; readonly ids: readonly [DealId] };

export interface OrderQuery {
  readonly of: OrdersOf;
  readonly limit: number;
  /** Placed at this instant or later. */
  readonly from?: string | undefined;
  /** Placed before this instant. */
  readonly before?: string | undefined;
  /** Where the page before ended. */
  readonly after?: string | undefined;
  /** Whether it is asked for, and the caller may see it. */
  readonly isWanted: (order: OrderRecord) => boolean;
}

export interface OrderPage {
  readonly items: readonly Stored<OrderRecord>[];
  /** Sort key of the last order that was looked at, if there may be more. */
  readonly after?: string;
}

interface Range {
  readonly from: string;
  readonly to: string;
  readonly expected: number;
}

const partitionsOf = (
  of: OrdersOf,
): { readonly index: IndexName; readonly partitions: readonly string[] } => {
  switch (of.kind) {
    case 'stores':
      return { index: 'gsi1', partitions: of.ids.map(ordersOfStore) };
    case 'owners':
      return { index: 'gsi1', partitions: of.ids.map(ordersOfOwner) };
    case 'customer':
      return { index: 'gsi1', partitions: of.ids.map(ordersOfCustomer) };
    case 'account':
    case 'deal':
      return { index: 'gsi2', partitions: of.ids.map(ordersOfAccount) };
  }
};

/** The items of the list, the latest first: orders themselves, or what stands in for them. */
async function* itemsOf(table: Table, of: OrdersOf, { from, to, expected }: Range): AsyncGenerator<Item> {
  if (of.kind !== 'deal') {
    yield* mergedQuery({ table, ...partitionsOf(of), range: { from, to }, descending: true, expected });
    return;
  }
  const { pk, skPrefix } = dealOrders(of.ids[0]);
  const { items } = await table.query({
    pk,
    skFrom: `${skPrefix}${from}`,
    skTo: `${skPrefix}${to}`,
    descending: true,
  });
  yield* items;
}

const ordersFor = async (table: Table, places: readonly Item[]): Promise<Stored<OrderRecord>[]> => {
  const found = await table.batchGet(places.map(({ orderId }) => orderEntity.key(String(orderId))));
  const byId = new Map(found.map((item) => storedFrom<OrderRecord>(item)).map((order) => [order.id, order]));
  return places.flatMap(({ orderId }) => byId.get(String(orderId) as OrderRecord['id']) ?? []);
};

async function* ordersOf(table: Table, of: OrdersOf, range: Range): AsyncGenerator<Stored<OrderRecord>> {
  const size = Math.min(CHUNK, range.expected + 1);
  let places: Item[] = [];
  for await (const item of itemsOf(table, of, range)) {
    if (item.type === orderEntity.type) {
      yield storedFrom<OrderRecord>(item);
      continue;
    }
    places.push(item);
    if (places.length < size) continue;
    yield* await ordersFor(table, places);
    places = [];
  }
  yield* await ordersFor(table, places);
}

/** The orders as one list, the latest first. */
export const orderPage = async (
  table: Table,
  { of, limit, from, before, after, isWanted }: OrderQuery,
): Promise<OrderPage> => {
  const items: Stored<OrderRecord>[] = [];
  const range = { from: from ?? FIRST, to: after ?? before ?? LAST, expected: limit };
  if (range.to < range.from) return { items };
  let examined = 0;
  let last = '';
  for await (const order of ordersOf(table, of, range)) {
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
