import type { Currency, Money } from '../../../../shared/money/money.ts';
import type { Instant } from '../../../../shared/time/instant.ts';


/** One line of an order as a platform told it; money in the order’s currency. */
export interface SnapshotLine {
  readonly externalId: string;
  readonly title: string;
  readonly sku?: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly discount: Money;
  /** What the line brings: after its discounts, without tax. */
  readonly net: Money;
}

/** A refund; `at` is absent where the payload has no time of its own. */
export interface SnapshotRefund {
  readonly externalId: string;
  readonly at?: Instant;
  /** Goods given back, without tax and shipping. */
  readonly net: Money;
  readonly total: Money;
}

/** An order as it stood at `updatedAt`, in no platform's terms. */
export interface OrderSnapshot {
  readonly externalId: string;
  readonly number: string;
  readonly updatedAt: Instant;
  readonly currency: Currency;
  /** net + discounts: lines before discounts, without tax and shipping. */
  readonly gross: Money;
  readonly discounts: Money;
  readonly net: Money;
  readonly tax: Money;
  readonly shipping: Money;
  readonly total: Money;
  readonly presentmentTotal?: Money;
  readonly placedAt: Instant;
  readonly paidAt?: Instant;
  readonly cancelledAt?: Instant;
  readonly test: boolean;
  readonly salesChannel?: string;
  readonly customerExternalId?: string;
  readonly lines: readonly SnapshotLine[];
}

/** What a delivery says, once its platform's adapter has read it. Nothing behind the adapters knows platforms. */
export type OrderMessage =
  | { readonly kind: 'snapshot'; readonly snapshot: OrderSnapshot; readonly refunds: readonly SnapshotRefund[] }
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
