import * as z from 'zod';
import { assertVisible, maySee, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import { OrderState } from '../../../shared/events/deals.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { OrderId, StoreId } from '../../../shared/ids/id.ts';
import { type StoreRecord, STORES } from '../commerce/entities.ts';
import { type OrderRecord, orderState } from '../domain/commerce/order.ts';
import { orderPage } from '../store/order-list.ts';
import type { Visibility } from '../viewer.ts';
import { notesOfOrder, OrderNotes } from './order-notes.ts';

export interface OrderDeps {
  readonly table: Table;
  readonly orders: Repository<OrderRecord>;
  readonly stores: Repository<StoreRecord>;
  readonly visibility: Visibility;
}

const Order = OrderState.extend({ ...OrderNotes, version: z.int() }).meta({ id: 'Order' });

/** An order is whose it counts for; one of a store without an owner concerns the whole organization. */
const ownershipOf = ({ attribution }: OrderRecord): Ownership => {
  const [credit] = attribution?.credits ?? [];
  return { ownerId: credit?.memberId, teamId: credit?.teamPath[0] };
};

const listOrders = route({
  method: 'GET',
  path: '/v1/orders',
  scope: 'sales/deals.read',
  summary: 'List the orders of all stores, or of one, the latest first',
  description:
    'Those the caller may see. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({ storeId: StoreId.optional().describe('Only this store’s.') }),
  response: page(Order),
  async handle({ query }, { table, stores, visibility }: OrderDeps) {
    const { storeId, limit } = query;
    const binding = { list: 'orders', storeId };
    const after = positionOf(query, binding)?.after;
    const viewer = await visibility.viewer();
    const storeIds =
      storeId === undefined ? (await stores.queryIndex('gsi1', STORES)).items.map(({ id }) => id) : [storeId];
    const found = await orderPage(table, {
      storeIds,
      limit,
      after: after === undefined ? undefined : String(after),
      isWanted: (order) => maySee(viewer, ownershipOf(order)),
    });
    const states = found.items.flatMap(({ version, ...record }) => {
      const state = orderState(record);
      return state === undefined ? [] : [{ ...state, ...notesOfOrder(state), version }];
    });
    return pageOf(states, found.after === undefined ? undefined : { after: found.after }, binding);
  },
});

const getOrder = route({
  method: 'GET',
  path: '/v1/orders/{id}',
  scope: 'sales/deals.read',
  summary: 'Get an order',
  params: z.object({ id: OrderId }),
  response: Order,
  async handle({ params }, { orders, visibility }: OrderDeps) {
    const { version, ...record } = await orders.get(params.id);
    assertVisible(await visibility.viewer(), ownershipOf(record), `order ${params.id}`);
    const state = orderState(record);
    if (state === undefined) throw new NotFound(`order ${params.id}`);
    return { ...state, ...notesOfOrder(state), version };
  },
});

export const orderRoutes = [listOrders, getOrder] as const;
