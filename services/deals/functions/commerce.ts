import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { consumer } from '../../../shared/events/consumer.ts';
import { isEvent } from '../../../shared/events/envelope.ts';
import { DeliveryReceived, FxRatesSet } from '../../../shared/events/deals.ts';
import type { StoreId } from '../../../shared/ids/id.ts';
import { deliveryEntity, orderEntity, storeEntity } from '../commerce/entities.ts';
import { Orders } from '../commerce/orders.ts';
import { processDelivery } from '../commerce/process-delivery.ts';
import { revalueOrders } from '../commerce/revalue-orders.ts';
import { dealsTable } from '../store.ts';
import { FxRateStore } from '../store/fx-rate-store.ts';
import { productEntity } from '../store/entities.ts';
import { commerce } from '../subscriptions.ts';

const table = dealsTable(process.env);
const directory = new Directory(table);

const depsFor = (cause: Cause) => {
  const repository = new Repository(table, orderEntity, cause);
  return {
    repository,
    deliveries: new Repository(table, deliveryEntity, cause),
    stores: new Repository(table, storeEntity, cause),
    orders: new Orders(repository, {
      directory,
      products: new Repository(table, productEntity, cause),
      rates: new FxRateStore(table),
    }),
  };
};

/** What an order causes, its store caused. */
const causedBy = (cause: Cause, storeId: StoreId): Cause => ({ ...cause, actor: `store:${storeId}` });

export const handler = consumer({
  subscription: commerce,
  async handle(messages, { count }) {
    // One after another: deliveries of one order come in bursts, and would only get in one another's way.
    for (const { event, cause, logger } of messages) {
      if (isEvent(event, DeliveryReceived)) {
        const { id, storeId } = event.data;
        const outcome = await processDelivery(id, depsFor(causedBy(cause, storeId)));
        if (outcome === 'unreadable') {
          logger.error('A delivery could not be read; it is kept', { deliveryId: id, storeId });
          count('UnreadableDeliveries');
        }
        if (outcome === 'repeated') count('DuplicateEvents');
      } else if (isEvent(event, FxRatesSet)) {
        const valued = await revalueOrders(Object.keys(event.data.rates), depsFor(cause));
        logger.info('Orders were valued that had waited for a rate', { valued });
      }
    }
  },
});
