import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { DealState } from '../../../shared/events/deals.ts';
import { OrderId } from '../../../shared/ids/id.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { mayBeSaleOf, WON_WITHIN_DAYS } from '../domain/commerce/order-deal.ts';
import { isSold } from '../domain/commerce/order-life.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { DealBuyers } from './deal-buyers.ts';
import { orderEntity, storeEntity, STORES } from './entities.ts';
import { dealOrders, ordersOfAccount } from './order-places.ts';
import { Orders } from './orders.ts';

/** So many of an account's latest orders are looked at when one of its deals changes. */
const MOST_ORDERS = 100;
const DAY = 86_400_000;

/** What has happened to a deal, and for what is written because of it. */
export interface DealNews {
  readonly deal: DealState;
  readonly cause: Cause;
}

/** Edits of these may make a deal the one that an order is the sale of, or change when its account bought first. */
const telling = new Set(['status', 'closedAt', 'accountId', 'amount', 'startedAt', 'deleted']);

/** Whether the change may matter to orders; absent for what is new. */
const concernsOrders = ({ change }: DealState): boolean =>
  change === undefined || change.fields.some((field) => telling.has(field));

/** Whether the deal is won, or was until this change. */
const concernsBuyers = ({ status, change }: DealState): boolean =>
  status === 'won' || change?.previousStatus === 'won' || change?.fields.includes('deleted') === true;

/** The account's paid orders that have no deal, around the time in which the deal may have been theirs. */
const ordersWithout = async (deal: DealState, table: Table): Promise<OrderId[]> => {
  const { accountId, createdAt, startedAt, closedAt } = deal;
  if (accountId === undefined) return [];
  const began = startedAt !== undefined && startedAt < createdAt ? startedAt : createdAt;
  const until = closedAt === undefined ? undefined : Date.parse(closedAt) + WON_WITHIN_DAYS * DAY;
  const { items } = await table.query({
    index: 'gsi2',
    pk: ordersOfAccount(accountId),
    // It may have been placed a good while before it was paid.
    skFrom: instantFrom(Date.parse(began) - WON_WITHIN_DAYS * DAY),
    ...(until !== undefined && { skTo: `${instantFrom(until)}#\uffff` }),
    descending: true,
    limit: MOST_ORDERS,
  });
  const found = await table.batchGet(items.map(({ orderId }) => orderEntity.key(String(orderId))));
  return (
    found
      .map((item) => storedFrom<OrderRecord>(item))
      .filter((order) => isSold(order) && (order.deal === undefined || order.deal.by === 'match'))
      // Of the rest nothing follows from this deal: it is none of those that fit, and they are not undecided between several.
      .filter((order) => order.deal !== undefined || order.dealNote !== undefined || mayBeSaleOf(deal, order))
      .map(({ id }) => id)
  );
};

/**
 * Decides anew which deal the orders belong to that these deals may concern, and when their accounts bought first. What the
 * events say only tells where to look: everything is decided by what is in the table.
 */
export const followDeals = async (
  news: readonly DealNews[],
  { table, directory }: { readonly table: Table; readonly directory: Directory },
): Promise<void> => {
  const [first] = news;
  if (first === undefined) return;
  const latest = new Map(news.map((each) => [each.deal.id, each]));
  const buying = [...new Set(news.filter(({ deal }) => concernsBuyers(deal)).map(({ deal }) => deal.id))];
  for (const id of await new DealBuyers(table, first.cause).news(buying))
    await new DealBuyers(table, (latest.get(id) ?? first).cause).settle(id);
  // An organization that sells by hand alone has no store, and so no orders.
  const stores = new Repository(table, storeEntity, first.cause);
  const { items } = await stores.queryIndex('gsi1', STORES, { limit: 1 });
  if (items.length === 0) return;
  const ordering = new Map(
    news.filter(({ deal }) => concernsOrders(deal)).map((each) => [each.deal.id, each]),
  );
  for (const { deal, cause } of ordering.values()) {
    const orders = new Orders({ table, directory, cause });
    const beside = await table.query(dealOrders(deal.id));
    const linked = beside.items.map(({ orderId }) => OrderId.parse(orderId));
    for (const id of new Set([...linked, ...(await ordersWithout(deal, table))])) {
      const item = await table.get(orderEntity.key(id));
      if (item === undefined) continue;
      await orders.reconsider(await stores.get(storedFrom<OrderRecord>(item).storeId), id);
    }
  }
};
