import { Repository } from '../../../../shared/dynamodb/repository.ts';
import type { Stored } from '../../../../shared/dynamodb/entity.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import { Unprocessable } from '../../../../shared/errors/errors.ts';
import { type Attribution, OrderAdjusted } from '../../../../shared/events/deals.ts';
import type { AccountId, DealId } from '../../../../shared/ids/id.ts';
import { orderEntity } from '../../commerce/entities.ts';
import { ordersOfAccount, ordersOfDeal, placeWrites } from '../../commerce/order-places.ts';
import { orderWrite } from '../../commerce/order-write.ts';
import { dealOf, type OrderRecord, orderState } from '../../domain/commerce/order.ts';
import type { MoverKind, MoverRun, MoverSources } from './mover.ts';
import { transacted } from './transacted.ts';

const PAGE = 25;

const readdressed = (
  attribution: Attribution | undefined,
  from: AccountId,
  to: AccountId,
): Attribution | undefined =>
  attribution?.accountId === from ? { ...attribution, accountId: to } : attribution;

/** The order as another account's; one that belongs to a deal counts for the deal's account. */
export const orderOfAccount = <O extends OrderRecord>(order: O, from: AccountId, to: AccountId): O => {
  const own = readdressed(order.ownAttribution, from, to);
  const attribution =
    dealOf(order) === undefined ? readdressed(order.attribution, from, to) : order.attribution;
  return {
    ...order,
    accountId: to,
    ...(own && { ownAttribution: own }),
    ...(attribution && { attribution }),
    placed: true,
  };
};

const orderSaver =
  ({ table, directory }: MoverSources, { cause, refused }: MoverRun) =>
  /** False for one that can't be booked anew, which then stays as it is. */
  async (before: Stored<OrderRecord>, after: OrderRecord): Promise<boolean> => {
    const orders = new Repository(table, orderEntity, cause);
    const write = await writeOf(before, after, { table, directory });
    if (typeof write === 'string') {
      refused({ kind: 'orders', id: before.id, reason: write });
      return false;
    }
    const { order, also } = write;
    await transacted(table, [
      orders.writeFor(
        { ...order, version: before.version },
        orderState(order) === undefined ? [] : OrderAdjusted,
      ),
      ...placeWrites(order, before),
      ...also,
    ]);
    return true;
  };

/** What is to be written, or why the order can't be booked anew. */
const writeOf = async (...args: Parameters<typeof orderWrite>) => {
  try {
    return await orderWrite(...args);
  } catch (error) {
    if (!(error instanceof Unprocessable)) throw error;
    return error.detail;
  }
};

/** Orders of the account's customers. Money, credits and territory stay as they were frozen. */
export const moveOrders: MoverKind = {
  kind: 'orders',
  open: (sources, run) => {
    const { table } = sources;
    const orders = new Repository(table, orderEntity, run.cause);
    const save = orderSaver(sources, run);
    return {
      list: async (accountId, after) => {
        const { items, lastKey } = await table.query({
          index: 'gsi2',
          pk: ordersOfAccount(accountId),
          limit: PAGE,
          after,
        });
        return { ids: items.map(({ orderId }) => String(orderId)), after: lastKey };
      },
      move: async (id, from, to) =>
        untilSaved(async () => {
          const order = await orders.find(id);
          if (order?.accountId === to) return 'there';
          if (order?.accountId !== from) return 'elsewhere';
          const isSaved = await save(order, orderOfAccount(order, from, to));
          return isSaved ? 'moved' : 'refused';
        }),
    };
  },
};

/** Has the orders that belong to a deal count for the account that the deal has moved to. */
export const readdressOrdersOfDeal =
  (sources: MoverSources, run: MoverRun) =>
  async (dealId: DealId, from: AccountId, to: AccountId): Promise<void> => {
    const orders = new Repository(sources.table, orderEntity, run.cause);
    const save = orderSaver(sources, run);
    const { items } = await sources.table.query({ index: 'gsi2', pk: ordersOfDeal(dealId) });
    for (const { orderId } of items)
      await untilSaved(async () => {
        const order = await orders.find(String(orderId));
        if (order === undefined || dealOf(order) !== dealId) return;
        const attribution = readdressed(order.attribution, from, to);
        if (attribution === undefined || attribution === order.attribution) return;
        await save(order, { ...order, attribution, placed: true });
      });
  };
