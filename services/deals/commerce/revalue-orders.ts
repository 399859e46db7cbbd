import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { awaitingRate, type StoreRecord } from './entities.ts';
import type { Orders } from './orders.ts';

/** Values the paid orders that waited for a rate of these currencies; answers how many there were. */
export const revalueOrders = async (
  currencies: readonly string[],
  deps: {
    readonly repository: Repository<OrderRecord>;
    readonly stores: Repository<StoreRecord>;
    readonly orders: Orders;
    /** While a file of rates is taken in: whether the rate of this day is certain. Any day's, unless given. */
    readonly isCertain?: (currency: string) => Promise<(paidAt: Instant) => boolean>;
  },
): Promise<number> => {
  let valued = 0;
  for (const currency of currencies) {
    const isCertain = await deps.isCertain?.(currency);
    let cursor: Item | undefined;
    do {
      const page = await deps.repository.queryIndex('gsi2', awaitingRate(currency), { limit: 100, cursor });
      for (const order of page.items) {
        const paidAt = order.snapshot?.paidAt;
        if (isCertain !== undefined && paidAt !== undefined && !isCertain(paidAt)) continue;
        const isValued = await deps.orders.reconsider(await deps.stores.get(order.storeId), order.id);
        valued += isValued ? 1 : 0;
      }
      cursor = page.lastKey;
    } while (cursor !== undefined);
  }
  return valued;
};
