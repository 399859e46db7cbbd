import * as z from 'zod';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { DeliveryId, MemberId, StoreId, TerritoryId } from '../../../shared/ids/id.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { OrderRecord, orderState } from '../domain/commerce/order.ts';
import { Platform } from '../domain/commerce/platform.ts';

export const StoreRecord = z.object({
  id: StoreId,
  name: z.string(),
  platform: Platform,
  currency: Currency,
  /** Whom its orders count for. */
  ownerId: MemberId.optional(),
  territoryId: TerritoryId.optional(),
  createdAt: Instant,
  /** Of silence that it is allowed before an alarm. */
  silenceHours: z.int().optional(),
  /** Where its platform's API is asked; absent without access to it. */
  apiUrl: z.string().optional(),
  /** The partner event source whose events are its own. */
  eventSource: z.string().optional(),
});
export type StoreRecord = z.infer<typeof StoreRecord>;

/** All stores, in the order in which they were connected. */
export const STORES = 'stores';

export const storeEntity = defineEntity<StoreRecord>({
  type: 'store',
  schema: StoreRecord,
  key: (id) => ({ pk: `store#${id}`, sk: 'state' }),
  indexes: ({ id, createdAt }) => ({ gsi1pk: STORES, gsi1sk: `${createdAt}#${id}` }),
});

/** Deliveries are kept this long: longer than any platform goes on repeating one. */
const KEPT_DAYS = 30;

export const DeliveryRecord = z.object({
  id: DeliveryId,
  storeId: StoreId,
  platform: Platform,
  topic: z.string(),
  triggeredAt: Instant,
  receivedAt: Instant,
  /** The raw body, gzipped: most deliveries compress to a tenth, and an item holds 400 KB. */
  body: z.instanceof(Uint8Array).optional(),
  /** Where in the bucket the raw body lies, if it is too large for an item. */
  bodyFile: z.string().optional(),
  status: z.enum(['received', 'processed', 'irrelevant', 'unreadable']),
  /** Why it had no effect, where it had none. */
  note: z.string().optional(),
});
export type DeliveryRecord = z.infer<typeof DeliveryRecord>;

/** A store's unreadable deliveries, which can be replayed. */
export const keptDeliveriesOf = (storeId: StoreId): string => `delivery#unreadable#${storeId}`;

export const deliveryEntity = defineEntity<DeliveryRecord>({
  type: 'delivery',
  schema: DeliveryRecord,
  key: (id) => ({ pk: `delivery#${id}`, sk: 'state' }),
  // Unreadable ones can be found and processed again after a fix.
  indexes: ({ status, storeId, receivedAt, id }) =>
    status === 'unreadable' ? { gsi1pk: keptDeliveriesOf(storeId), gsi1sk: `${receivedAt}#${id}` } : {},
  expiresAt: ({ receivedAt }) => Math.floor(Date.parse(receivedAt) / 1000) + KEPT_DAYS * 86_400,
  project: ({ id, storeId, topic }) => ({ id, storeId, topic }),
});

/** What an order that waits for an exchange rate is found under, when the rate is set. */
export const awaitingRate = (currency: string) => `order#awaiting-rate#${currency}`;

export const ordersOfStore = (storeId: StoreId): string => `order#store#${storeId}`;

/** By when it was placed. Empty for an order that is known by a refund or a deletion alone, and is in no list. */
export const orderSortKey = ({ id, snapshot }: OrderRecord): string =>
  snapshot === undefined ? '' : `${snapshot.placedAt}#${id}`;

const awaits = (order: OrderRecord): boolean =>
  order.snapshot?.paidAt !== undefined &&
  !order.snapshot.test &&
  !order.deleted &&
  order.valuation === undefined;

export const orderEntity = defineEntity<OrderRecord>({
  type: 'order',
  schema: OrderRecord,
  key: (id) => ({ pk: `order#${id}`, sk: 'state' }),
  indexes: (order) => {
    if (order.snapshot === undefined) return {};
    const sk = orderSortKey(order);
    return {
      gsi1pk: ordersOfStore(order.storeId),
      gsi1sk: sk,
      ...(awaits(order) && { gsi2pk: awaitingRate(order.snapshot.currency), gsi2sk: sk }),
    };
  },
  project: (order) => ({ ...orderState(order) }),
});
