import { createHmac } from 'node:crypto';
import { applyMessage, type OrderRecord } from '../../../../services/deals/domain/commerce/order.ts';
import type { Delivery, OrderMessage } from '../../../../services/deals/domain/commerce/order-message.ts';
import type { Platform, ReceivedWebhook } from '../../../../services/deals/domain/commerce/platform.ts';
import { platforms } from '../../../../services/deals/domain/commerce/platforms.ts';
import { derivedId, OrderId, StoreId } from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';

export const NOW = Instant.parse('2026-11-23T09:30:00Z');
export const nowSeconds = Date.parse(NOW) / 1000;

export const webhook = (body: string, headers: Readonly<Record<string, string>> = {}): ReceivedWebhook => ({
  rawBody: Buffer.from(body),
  headers,
  receivedAt: NOW,
});

export const hmac = (key: string | Uint8Array, text: string, encoding: 'base64' | 'hex'): string =>
  createHmac('sha256', key).update(text).digest(encoding);

/** A delivery of the topic, as the adapter of its platform reads it. */
export const reads = (platform: Platform, topic: string, payload: unknown, triggeredAt = NOW): OrderMessage =>
  platforms[platform].read({
    topic,
    triggeredAt,
    body: typeof payload === 'string' ? payload : JSON.stringify(payload),
  } satisfies Delivery);

/** The snapshot of a message that must have one. */
export const snapshotIn = (message: OrderMessage) => {
  if (message.kind !== 'snapshot') throw new Error(`a ${message.kind}, no snapshot`);
  return message.snapshot;
};

/** What an order is after messages of one platform, whichever order they name. */
export const folded = (platform: Platform, messages: readonly OrderMessage[]): readonly OrderRecord[] => {
  const storeId = derivedId(StoreId, platform);
  const orders = new Map<string, OrderRecord>();
  for (const message of messages) {
    if (message.kind === 'irrelevant' || message.kind === 'fetch') continue;
    const externalId = message.kind === 'snapshot' ? message.snapshot.externalId : message.orderExternalId;
    const before: OrderRecord = orders.get(externalId) ?? {
      id: derivedId(OrderId, storeId, externalId),
      storeId,
      platform,
      externalId,
      refunds: [],
      deleted: false,
      productIds: {},
    };
    orders.set(externalId, applyMessage(before, message, NOW));
  }
  return [...orders.values()];
};

export const usd = (amount: number) => ({ amount, currency: 'USD' });
