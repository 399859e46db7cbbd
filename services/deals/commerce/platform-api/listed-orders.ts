import { LosslessNumber } from 'lossless-json';
import * as z from 'zod';
import type { Instant } from '../../../../shared/time/instant.ts';
import type { Delivery, OrderMessage } from '../../domain/commerce/order-message.ts';
import { expected, type StoreApiHttp, textOf } from './http.ts';
import type { PlatformApi, ToldOrder } from './platform-api.ts';

/** An adapter's reading of a delivery. */
export type Read = (delivery: Delivery) => OrderMessage;

const Digits = z.union([z.string(), z.instanceof(LosslessNumber).transform(({ value }) => value)]);
const Listed = z.looseObject({ id: Digits });

/** Orders of a list, each read as the delivery of `topic` that would have brought it. */
const toldOf = (
  listed: readonly z.infer<typeof Listed>[],
  told: { read: Read; topic: string; at: Instant },
): ToldOrder[] =>
  listed.map((order) => ({
    externalId: order.id,
    message: told.read({ topic: told.topic, body: textOf(order), triggeredAt: told.at }),
  }));

/** The one order of `{ order }`. */
const toldOrder = (body: unknown, told: { read: Read; topic: string; at: Instant }): OrderMessage => {
  const { order } = expected(z.looseObject({ order: Listed }), body, 'the order');
  return told.read({ topic: told.topic, body: textOf(order), triggeredAt: told.at });
};

/** `<…?page_info=abc>; rel="next"` of a Link header. */
const nextPageInfo = (link: string | null): string | undefined => {
  const next = link?.split(',').find((part) => part.includes('rel="next"'));
  return next === undefined ? undefined : (/[?&]page_info=([^&>]+)/.exec(next)?.[1] ?? undefined);
};

/** Source: Shopify, "Order" of the REST Admin API 2025-01, and "Paginated results". */
export const shopifyApi = (http: StoreApiHttp, read: Read, now: () => Instant): PlatformApi => ({
  async order(externalId) {
    const { body } = await http.get(`/admin/api/2025-01/orders/${encodeURIComponent(externalId)}.json`);
    return toldOrder(body, { read, topic: 'orders/updated', at: now() });
  },
  async changedSince(from, after) {
    const { body, headers } = await http.get(
      '/admin/api/2025-01/orders.json',
      after === undefined
        ? { status: 'any', updated_at_min: from, order: 'updated_at asc', limit: '100' }
        : { page_info: after, limit: '100' },
    );
    const { orders } = expected(z.looseObject({ orders: z.array(Listed) }), body, 'the list of orders');
    return {
      orders: toldOf(orders, { read, topic: 'orders/updated', at: now() }),
      next: nextPageInfo(headers.get('link')),
    };
  },
});

/** Source: WooCommerce, "Orders" of the REST API v3. */
export const wooCommerceApi = (http: StoreApiHttp, read: Read, now: () => Instant): PlatformApi => ({
  async changedSince(from, after = '1') {
    const { body, headers } = await http.get('/wp-json/wc/v3/orders', {
      modified_after: from,
      dates_are_gmt: 'true',
      orderby: 'modified',
      order: 'asc',
      per_page: '100',
      page: after,
    });
    const orders = expected(z.array(Listed), body ?? [], 'the list of orders');
    const pages = Number(headers.get('x-wp-totalpages') ?? '1');
    return {
      orders: toldOf(orders, { read, topic: 'order.updated', at: now() }),
      ...(Number(after) < pages && { next: String(Number(after) + 1) }),
    };
  },
});

/** What a payment of Stripe's turns into an order by, and takes back; the adapter passes over those it needs not. */
const STRIPE_EVENTS = [
  'checkout.session.completed',
  'payment_intent.succeeded',
  'invoice.paid',
  'charge.refunded',
] as const;

const StripeEvent = z.looseObject({ id: z.string(), type: z.string(), data: z.looseObject({}) });

/** Stripe keeps its events for 30 days, and they are what its webhooks carry. Source: Stripe, "List all events". */
export const stripeApi = (http: StoreApiHttp, read: Read, now: () => Instant): PlatformApi => ({
  async changedSince(from, after) {
    const query = new Map<string, string>([
      ...STRIPE_EVENTS.map((type, index) => [`types[${String(index)}]`, type] as const),
      ['created[gte]', String(Math.floor(Date.parse(from) / 1000))],
      ['limit', '100'],
    ]);
    if (after !== undefined) query.set('starting_after', after);
    const { body } = await http.get('/v1/events', Object.fromEntries(query));
    const page = expected(
      z.looseObject({ data: z.array(StripeEvent), has_more: z.boolean() }),
      body,
      'the events',
    );
    return {
      orders: page.data.map((event) => ({
        externalId: event.id,
        message: read({ topic: event.type, body: textOf(event), triggeredAt: now() }),
      })),
      ...(page.has_more && { next: page.data.at(-1)?.id }),
    };
  },
});

const MEDUSA_PAGE = 50;
const MEDUSA_FIELDS =
  '*items,*summary,*customer,+total,+subtotal,+tax_total,+shipping_total,+discount_total,+item_total';

/** An event of Medusa's holds the order as its `data`. */
const readingOrder =
  (read: Read): Read =>
  ({ body, ...delivery }) =>
    read({ ...delivery, body: `{"data":${body}}` });

/** Source: Medusa, "List orders" of the Admin API v2; the topic is that of its `order.placed` subscriber. */
export const medusaApi = (http: StoreApiHttp, read: Read, now: () => Instant): PlatformApi => ({
  async order(externalId) {
    const { body } = await http.get(`/admin/orders/${encodeURIComponent(externalId)}`, {
      fields: MEDUSA_FIELDS,
    });
    return toldOrder(body, { read: readingOrder(read), topic: 'order.updated', at: now() });
  },
  async changedSince(from, after = '0') {
    const { body } = await http.get('/admin/orders', {
      'updated_at[$gte]': from,
      order: 'updated_at',
      limit: String(MEDUSA_PAGE),
      offset: after,
      fields: MEDUSA_FIELDS,
    });
    const { orders } = expected(z.looseObject({ orders: z.array(Listed) }), body, 'the list of orders');
    return {
      orders: toldOf(orders, { read: readingOrder(read), topic: 'order.updated', at: now() }),
      ...(orders.length === MEDUSA_PAGE && { next: String(Number(after) + MEDUSA_PAGE) }),
    };
  },
});
