import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
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
  },
): Promise<number> => {
  let valued = 0;
  for (const currency of currencies) {
    let cursor: Item | undefined;
    do {
      const page = await deps.repository.queryIndex('gsi2', awaitingRate(currency), { limit: 100, cursor });
      for (const order of page.items) {
        const isValued = await deps.orders.reconsider(await deps.stores.get(order.storeId), order.id);
        valued += isValued ? 1 : 0;
      }
      cursor = page.lastKey;
    } while (cursor !== undefined);
  }
  return valued;
};
