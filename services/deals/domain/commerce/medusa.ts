import * as z from 'zod';
import { jsonOf, Digits, readValue } from './payload.ts';
import { MedusaOrder, refundsOf, snapshotOf } from './medusa-order.ts';
import type { Delivery, OrderMessage } from './order-message.ts';
import { fieldsOf, hashOf, instantOr, irrelevant, type PlatformAdapter, topicOf } from './platform.ts';
import { standardWebhooks } from './standard-webhooks.ts';

/** Events about an order whose data is the order, or no more than its id. */
const ABOUT_ORDERS = new Set([
  'order.placed',
  'order.updated',
  'order.completed',
  'order.canceled',
  'order.archived',
  'order.payment_captured',
  'order.refund_created',
  'order.fulfillment_created',
  'order.shipment_created',
]);

const Thin = z.object({ data: z.object({ id: Digits }) });
const Event = z.object({ data: MedusaOrder });

/** Medusa's own events bear an id alone; what a subscriber sends on may be the whole order. */
const Whole = z.union([
  z.object({ data: z.looseObject({ currency_code: z.unknown() }) }),
  z.object({ data: z.looseObject({ items: z.unknown() }) }),
]);
const isThin = (payload: unknown): boolean => !Whole.safeParse(payload).success;

/** Reads an event of a Medusa shop, version 1 or 2. Throws UnreadableDelivery. */
export const readMedusa = (delivery: Delivery): OrderMessage => {
  const { topic, triggeredAt } = delivery;
  if (!ABOUT_ORDERS.has(topic)) return irrelevant(topic);
  const payload = jsonOf(delivery.body);
  if (isThin(payload)) return { kind: 'fetch', orderExternalId: readValue(Thin, payload).data.id };
  const { data } = readValue(Event, payload);
  return { kind: 'snapshot', snapshot: snapshotOf(data, delivery), refunds: refundsOf(data, triggeredAt) };
};

export const medusa: PlatformAdapter = {
  ...standardWebhooks({ bareSecrets: false }),
  factsOf: (webhook) => {
    const { event, timestamp } = fieldsOf(webhook);
    const topic = topicOf(event);
    return {
      topic,
      identity: webhook.headers['webhook-id'] ?? hashOf(topic, webhook),
      triggeredAt: instantOr(timestamp, webhook),
    };
  },
  read: readMedusa,
};
