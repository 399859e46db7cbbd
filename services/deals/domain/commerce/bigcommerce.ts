import * as z from 'zod';
import { orderOfAnswers } from './bigcommerce-order.ts';
import type { Delivery, OrderMessage } from './order-message.ts';
import { Digits, readPayload } from './payload.ts';
import { fieldsOf, hashOf, irrelevant, type PlatformAdapter, secondsOr, topicOf } from './platform.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/** An event is thin: an id, and that of the order where it is about something else. */
const Event = z.object({
  data: z.object({ id: Digits.optional(), order_id: Digits.optional() }),
});

/** Also of one channel: `store/channel/1/order/updated`. */
const ABOUT_ORDERS =
  /^store\/(channel\/\d+\/)?order\/(created|updated|archived|statusUpdated|refund\/created|transaction\/(created|updated))$/;

/** Reads a BigCommerce webhook: whatever happened to an order, the order is to be fetched. Throws UnreadableDelivery. */
export const readBigCommerce = (delivery: Delivery): OrderMessage => {
  if (!ABOUT_ORDERS.test(delivery.topic)) return irrelevant(delivery.topic);
  const { data } = readPayload(
    Event.refine(({ data: { id, order_id: orderId } }) => (orderId ?? id) !== undefined, {
      path: ['data', 'id'],
      message: 'is required',
    }),
    delivery,
  );
  return { kind: 'fetch', orderExternalId: data.order_id ?? data.id ?? '' };
};

/** Source: BigCommerce, “Webhooks overview” and “Securing webhooks” (Standard Webhooks, keyed by the client secret). */
export const bigcommerce: PlatformAdapter = {
  ...standardWebhooks({ bareSecrets: true }),
  factsOf: (webhook) => {
    const { scope, created_at: createdAt } = fieldsOf(webhook);
    const topic = topicOf(scope);
    return {
      topic,
      identity: webhook.headers['webhook-id'] ?? hashOf(topic, webhook),
      triggeredAt: secondsOr(createdAt, webhook),
    };
  },
  read: readBigCommerce,
  orderOf: orderOfAnswers,
};
