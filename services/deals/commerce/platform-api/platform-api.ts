import type { OrderMessage } from '../../domain/commerce/order-message.ts';
import type { Instant } from '../../../../shared/time/instant.ts';

/** What the platform's API says of one order now. */
export interface ToldOrder {
  readonly message: OrderMessage;
  /** The order's id as the platform writes it, for reports. */
  readonly externalId: string;
}

export interface ToldOrders {
  readonly orders: readonly ToldOrder[];
  /** Where the next page begins; absent after the last one. */
  readonly next?: string | undefined;
}

/** A store's own API, asked for what its webhooks did not bring. @throws StoreApiFailure; UnreadableDelivery */
export interface PlatformApi {
  /** An order by its id, where deliveries tell no more than that. */
  readonly order?: (externalId: string) => Promise<OrderMessage>;
  /** A page of the orders that changed from this instant on, oldest change first where the platform can. */
  readonly changedSince: (from: Instant, after?: string) => Promise<ToldOrders>;
}
