import * as z from 'zod';
import { assertVisible, maySee, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import { OrderState } from '../../../shared/events/deals.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { OrderId, StoreId } from '../../../shared/ids/id.ts';
import { type OrderRecord, orderState } from '../domain/commerce/order.ts';
import type { Visibility } from '../viewer.ts';

export interface OrderDeps {
  readonly orders: Repository<OrderRecord>;
  readonly visibility: Visibility;
}

const Order = OrderState.extend({ version: z.int() });

/** An order is whose it counts for; one of a store without an owner concerns the whole organization. */
const ownershipOf = ({ attribution }: OrderRecord): Ownership => {
  const [credit] = attribution?.credits ?? [];
  return { ownerId: credit?.memberId, teamId: credit?.teamPath[0] };
};

export const listOrders = route({
  method: 'GET',
  path: '/v1/orders',
  scope: 'sales/deals.read',
  summary: 'List a store’s orders, the latest first',
  description:
    'Those the caller may see. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({ storeId: StoreId }),
  response: page(Order),
  async handle({ query }, { orders, visibility }: OrderDeps) {
    const binding = `GET /v1/orders ${query.storeId}`;
    const { items, lastKey } = await orders.queryIndex('gsi1', `order#store#${query.storeId}`, {
      limit: query.limit,
      cursor: positionOf(query, binding),
      descending: true,
    });
    const viewer = await visibility.viewer();
    const seen = items.filter((order) => maySee(viewer, ownershipOf(order)));
    const states = seen.flatMap(({ version, ...record }) => {
      const state = orderState(record);
      return state === undefined ? [] : [{ ...state, version }];
    });
    return pageOf(states, lastKey, binding);
  },
});

export const getOrder = route({
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
    return { ...state, version };
  },
});

export const orderRoutes = [listOrders, getOrder] as const;
