import * as z from 'zod';
import { OrderLine, OrderRefund, OrderState } from '../../../../shared/events/deals.ts';
import { Instant } from '../../../../shared/time/instant.ts';

/** A refund as a delivery tells it; `at` is absent where the payload has no time of its own. */
export const SnapshotRefund = OrderRefund.omit({ at: true, reportingNet: true }).extend({
  at: Instant.optional(),
});
export type SnapshotRefund = z.infer<typeof SnapshotRefund>;

/** An order as it stood at `updatedAt`, in no platform's terms; money in the order's currency. */
export const OrderSnapshot = OrderState.pick({
  externalId: true,
  number: true,
  currency: true,
  gross: true,
  discounts: true,
  net: true,
  tax: true,
  shipping: true,
  total: true,
  presentmentTotal: true,
  placedAt: true,
  paidAt: true,
  cancelledAt: true,
  test: true,
  salesChannel: true,
  customerExternalId: true,
}).extend({ updatedAt: Instant, lines: z.array(OrderLine.omit({ productId: true })) });
export type OrderSnapshot = z.infer<typeof OrderSnapshot>;
export type SnapshotLine = OrderSnapshot['lines'][number];

/** What a delivery says, once its platform's adapter has read it. Nothing behind the adapters knows platforms. */
export type OrderMessage =
  | {
      readonly kind: 'snapshot';
      readonly snapshot: OrderSnapshot;
      readonly refunds: readonly SnapshotRefund[];
    }
  | { readonly kind: 'refund'; readonly orderExternalId: string; readonly refund: SnapshotRefund }
  | { readonly kind: 'deletion'; readonly orderExternalId: string }
  | { readonly kind: 'irrelevant'; readonly reason: string };

/** A stored delivery, as an adapter reads it. `triggeredAt` falls back to the time of receipt. */
export interface Delivery {
  readonly topic: string;
  readonly body: string;
  readonly triggeredAt: Instant;
}

/** The payload is not what the platform documents: the delivery is kept and can be processed again after a fix. */
export class UnreadableDelivery extends Error {
  override readonly name = 'UnreadableDelivery';
}
