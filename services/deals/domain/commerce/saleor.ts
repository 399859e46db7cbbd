import * as z from 'zod';
import type { Delivery, OrderMessage } from './order-message.ts';
import { jsonOf, readValue } from './payload.ts';
import { fieldsOf, hashOf, instantOr, irrelevant, type PlatformAdapter, topicOf } from './platform.ts';
import { refundsOf, SaleorOrder, snapshotOf } from './saleor-order.ts';
import { anyMatches, hmacSha256 } from './signature.ts';

const ABOUT_ORDERS = new Set([
  'order_created',
  'order_confirmed',
  'order_updated',
  'order_paid',
  'order_fully_paid',
  'order_refunded',
  'order_fully_refunded',
  'order_cancelled',
  'order_expired',
  'order_fulfilled',
]);

/** What the webhook's own subscription query asked for, with or without the query's outer fields. */
const Inner = z.object({ order: SaleorOrder });
const Outer = z.object({ event: Inner });
const isOuter = (payload: unknown): boolean => z.object({ event: z.object({}) }).safeParse(payload).success;

/** Reads a Saleor webhook with a subscription query. Throws UnreadableDelivery. */
export const readSaleor = (delivery: Delivery): OrderMessage => {
  const { topic, triggeredAt } = delivery;
  if (!ABOUT_ORDERS.has(topic)) return irrelevant(topic);
  const payload = jsonOf(delivery.body);
  const { order } = isOuter(payload) ? readValue(Outer, payload).event : readValue(Inner, payload);
  if (order.status === 'DRAFT' || order.status === 'UNCONFIRMED')
    return irrelevant(topic, 'is about a draft');
  return { kind: 'snapshot', snapshot: snapshotOf(order, triggeredAt), refunds: refundsOf(order) };
};

/** `OrderCreated` → `order_created`, for a delivery whose headers were lost on the way. */
const topicOfType = (type: unknown): string =>
  topicOf(type)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();

const isJws = (signature: string): boolean => /^[\w-]+\.[\w-]*\.[\w-]+$/.test(signature);

/**
 * Source of the signature: Saleor, “Payload signature”. A webhook with a secret key is signed by HMAC-SHA256 in hex; one
 * without by a JWS with the shop's own key, for which it would have to be asked with every delivery: that is refused, and
 * the answer says what to do.
 */
export const saleor: PlatformAdapter = {
  secretProblem: () => undefined,
  refusal: ({ headers, rawBody }, secrets) => {
    const signature = headers['saleor-signature'];
    if (signature === undefined) return 'Saleor-Signature is missing.';
    if (isJws(signature))
      return 'Saleor-Signature is a JWS: give the webhook the secret key of this store (secretKey), so that it is signed by HMAC.';
    return anyMatches(
      [Buffer.from(signature, 'hex')],
      secrets.map((secret) => hmacSha256(secret, rawBody)),
    )
      ? undefined
      : 'Saleor-Signature is not the HMAC-SHA256 of this body under a secret of this store.';
  },
  factsOf: (webhook) => {
    const { __typename: type, issuedAt } = fieldsOf(webhook);
    const topic = topicOf(webhook.headers['saleor-event']?.toLowerCase()) || topicOfType(type);
    return { topic, identity: hashOf(topic, webhook), triggeredAt: instantOr(issuedAt, webhook) };
  },
  read: readSaleor,
};
