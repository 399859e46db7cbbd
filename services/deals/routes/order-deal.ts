import * as z from 'zod';
import { assertChangeable } from '../../../shared/auth/visibility.ts';
import { Conflict, InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { route } from '../../../shared/http/route.ts';
import { DealId, OrderId } from '../../../shared/ids/id.ts';
import type { Orders } from '../commerce/orders.ts';
import { isCounting, isSold } from '../domain/commerce/order-life.ts';
import { isWonBy } from '../domain/commerce/deal-with-order.ts';
import { dealOf, type OrderRecord } from '../domain/commerce/order.ts';
import type { Deal } from '../domain/deal.ts';
import type { Deals } from '../store/deals.ts';
import { getVisibleOrder, Order, orderOwnership, shownOrder } from './order-resource.ts';
import type { OrderDeps } from './orders.ts';

export interface OrderDealDeps extends OrderDeps {
  readonly deals: Deals;
  readonly orderBook: Orders;
}

/** @throws Conflict, InvalidTransition, Unprocessable for a deal that the order can't belong to */
const assertCanBelong = (order: OrderRecord, deal: Deal): void => {
  if (!isCounting(order))
    throw new Conflict('The order is deleted, cancelled, a test or a credit note: it is no sale.');
  if (deal.status === 'lost') throw new InvalidTransition('The deal is lost. Reopen it first.');
  const winner = deal.wonByOrder?.orderId;
  if (winner !== undefined && winner !== order.id && isWonBy(deal, winner))
    throw new Conflict(`The deal was won by order ${winner}. Detach that one first.`);
  const { currency } = order.snapshot;
  if (deal.status === 'open' && isSold(order) && currency !== deal.amount.currency)
    throw new Unprocessable(
      `The order is in ${currency}, and so can’t win a deal in ${deal.amount.currency}.`,
      [{ path: '/dealId', message: `must be of a deal in ${currency}` }],
    );
};

const attachOrder = route({
  method: 'POST',
  path: '/v1/orders/{id}/deal',
  scope: 'sales/deals.write',
  summary: 'Say which deal an order belongs to, or that it belongs to none',
  description:
    'By hand, which stands until it is said otherwise. A paid order wins an open deal: closed when it was paid, at its net amount. A won deal keeps its own amount and date. Refunds of the order are adjustments of the deal. Detaching undoes all of it. Who may change the deal may do this.',
  params: z.object({ id: OrderId }),
  body: z.strictObject({ dealId: DealId.nullable().describe('Null detaches the order from its deal.') }),
  example: { dealId: null },
  response: Order,
  async handle({ params, body, ifMatch }, deps: OrderDealDeps) {
    const { deals, orders, stores, orderBook, visibility } = deps;
    const { order } = await getVisibleOrder(params.id, deps);
    const present = dealOf(order);
    if (present === undefined && body.dealId === null)
      assertChangeable(await visibility.viewer(), orderOwnership(order), `order ${params.id}`);
    if (present !== undefined) await deals.toChange(present, undefined);
    const deal = body.dealId === null ? undefined : await deals.toChange(body.dealId, undefined);
    assertVersion(order, ifMatch, `order ${params.id}`);
    if (deal !== undefined) assertCanBelong(order, deal);
    await orderBook.link(await stores.get(order.storeId), order.id, deal?.id);
    const [shown] = shownOrder(await orders.get(order.id));
    if (shown === undefined) throw new TypeError(`Order ${order.id} is gone.`);
    return shown;
  },
});

export const orderDealRoutes = [attachOrder] as const;
