import * as z from 'zod';
import { LosslessNumber } from 'lossless-json';
import type { Instant } from '../../../../shared/time/instant.ts';
import type { OrderAnswers } from '../../domain/commerce/platform.ts';
import type { OrderMessage } from '../../domain/commerce/order-message.ts';
import { expected, type StoreApiHttp, textOf } from './http.ts';
import type { PlatformApi, ToldOrders } from './platform-api.ts';

/** Each order takes two more requests, of 6 seconds at most: so few that a page of a slow API ends within the worker's minute. */
const PAGE = 4;

const Digits = z.union([z.string(), z.instanceof(LosslessNumber).transform(({ value }) => value)]);
const Order = z.looseObject({ id: Digits, refunded_amount: Digits.optional() });
const isNone = (amount: string | undefined): boolean => amount === undefined || Number(amount) === 0;

/**
 * BigCommerce's API: the order of V2 with its products, and of V3 what was given back. Lists answer 204 beyond their end.
 * Source: BigCommerce, "Orders V2" and "Order refunds".
 */
export const bigCommerceApi = (
  http: StoreApiHttp,
  storeHash: string,
  orderOf: (answers: OrderAnswers) => OrderMessage,
): PlatformApi => {
  const base = `/stores/${encodeURIComponent(storeHash)}`;

  const told = async (order: unknown): Promise<OrderMessage> => {
    const { id, refunded_amount: refunded } = expected(Order, order, 'the order');
    const products = await http.get(`${base}/v2/orders/${id}/products`, { limit: '250' });
    const refunds = isNone(refunded)
      ? undefined
      : await http.get(`${base}/v3/orders/${id}/payment_actions/refunds`);
    return orderOf({
      order: textOf(order),
      products: textOf(products.body ?? []),
      ...(refunds?.body !== undefined && { refunds: textOf(refunds.body) }),
    });
  };

  return {
    async order(externalId) {
      const { body } = await http.get(`${base}/v2/orders/${encodeURIComponent(externalId)}`);
      return told(body);
    },
    async changedSince(from: Instant, after = '1'): Promise<ToldOrders> {
      const { body } = await http.get(`${base}/v2/orders`, {
        min_date_modified: from,
        sort: 'date_modified:asc',
        limit: String(PAGE),
        page: after,
      });
      const listed = expected(z.array(Order), body ?? [], 'the list of orders');
      const orders = [];
      // One after another: each takes two more requests, and the platform counts them.
      for (const order of listed) orders.push({ externalId: order.id, message: await told(order) });
      return { orders, ...(listed.length === PAGE && { next: String(Number(after) + 1) }) };
    },
  };
};
