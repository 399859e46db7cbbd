import type { Delivery, OrderMessage } from './order-message.ts';
import { Digits, readPayload } from './payload.ts';
import * as z from 'zod';
import { hashOf, irrelevant, type PlatformAdapter, topicOf } from './platform.ts';
import { anyMatches, hmacSha256 } from './signature.ts';
import { refundsOf, snapshotOf, WooOrder } from './woocommerce-order.ts';

const Deletion = z.object({ id: Digits });

/** Reads a WooCommerce webhook (REST API v2 and v3). Throws UnreadableDelivery. */
export const readWooCommerce = (delivery: Delivery): OrderMessage => {
  const { topic, triggeredAt } = delivery;
  switch (topic) {
    case 'order.deleted':
      return { kind: 'deletion', orderExternalId: readPayload(Deletion, delivery).id };
    case 'order.created':
    case 'order.updated':
    case 'order.restored': {
      const order = readPayload(WooOrder, delivery);
      // A cart that someone is still filling in, or an order that an employee has not sent off.
      if (order.status === 'checkout-draft' || order.status === 'auto-draft')
        return irrelevant(topic, 'is about a draft');
      return {
        kind: 'snapshot',
        snapshot: snapshotOf(order, triggeredAt),
        refunds: refundsOf(order, triggeredAt),
      };
    }
    default:
      return irrelevant(topic);
  }
};

/** Source of signature and ping: WooCommerce REST API documentation, “Webhooks”, and its class WC_Webhook. */
export const woocommerce: PlatformAdapter = {
  secretProblem: () => undefined,
  refusal: ({ headers, rawBody }, secrets) => {
    const signature = headers['x-wc-webhook-signature'];
    return signature !== undefined &&
      anyMatches(
        [Buffer.from(signature, 'base64')],
        secrets.map((secret) => hmacSha256(secret, rawBody)),
      )
      ? undefined
      : 'X-WC-Webhook-Signature is missing, or is not the HMAC-SHA256 of this body under a secret of this store.';
  },
  // Sent once, when the webhook is saved; it stays inactive unless it is answered with a 200.
  isPing: ({ headers, rawBody }) =>
    headers['x-wc-webhook-signature'] === undefined &&
    rawBody.length < 100 &&
    /^webhook_id=\d+$/.test(Buffer.from(rawBody).toString('utf8').trim()),
  factsOf: (webhook) => {
    const { headers, receivedAt } = webhook;
    const topic = topicOf(headers['x-wc-webhook-topic']);
    const delivery = headers['x-wc-webhook-delivery-id'];
    return {
      topic,
      // Two webhooks of one shop number their deliveries apart.
      identity:
        delivery === undefined
          ? hashOf(topic, webhook)
          : `${headers['x-wc-webhook-id'] ?? ''}:${topic}:${delivery}`,
      triggeredAt: receivedAt,
    };
  },
  read: readWooCommerce,
};
