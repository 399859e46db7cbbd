import * as z from 'zod';
import { OrderLine, OrderRefund, OrderState } from '../../../../shared/events/deals.ts';
import { DealId } from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';

/** A refund as a delivery tells it; `at` is absent where the payload has no time of its own. */
export const SnapshotRefund = OrderRefund.omit({ at: true, reportingNet: true, bookedAt: true }).extend({
  at: Instant.optional(),
  /** Only `total` was told: `net` is worked out from the order's, and is `total` until that is known. */
  netIsShare: z.literal(true).optional(),
});
export type SnapshotRefund = z.infer<typeof SnapshotRefund>;

/** Who ordered, as the platform tells it. Personal: it stays in the order's item, and no event or log has it. */
export const OrderCustomer = z.object({
  externalId: z.string().optional(),
  /** In lower case. */
  email: z.string().optional(),
  name: z.string().optional(),
  company: z.string().optional(),
  taxId: z.string().optional(),
});
export type OrderCustomer = z.infer<typeof OrderCustomer>;

/** The deal that an order says it belongs to: by our id, or by the one it has elsewhere. */
export const OrderDealRef = z.object({ id: DealId.optional(), externalId: z.string().optional() });
export type OrderDealRef = z.infer<typeof OrderDealRef>;

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
  creditNote: true,
}).extend({
  updatedAt: Instant,
  lines: z.array(OrderLine.omit({ productId: true })),
  customer: OrderCustomer.optional(),
  dealRef: OrderDealRef.optional(),
  /** The external id of the account that the order names. */
  accountRef: z.string().optional(),
});
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
  /** The delivery only says that there is news of the order: the platform's API is to be asked for it. */
  | { readonly kind: 'fetch'; readonly orderExternalId: string }
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
