import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { consumer } from '../../../shared/events/consumer.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import { isEvent } from '../../../shared/events/envelope.ts';
import { DeliveryReceived, FxRatesSet } from '../../../shared/events/deals.ts';
import type { StoreId } from '../../../shared/ids/id.ts';
import { DeliveryBodies } from '../commerce/delivery-bodies.ts';
import { deliveryEntity, orderEntity, storeEntity } from '../commerce/entities.ts';
import { followDeals } from '../commerce/follow-deals.ts';
import { Orders } from '../commerce/orders.ts';
import { type DeliveryOutcome, processDelivery } from '../commerce/process-delivery.ts';
import { revalueOrders } from '../commerce/revalue-orders.ts';
import { dealsTable } from '../store.ts';
import { commerce } from '../subscriptions.ts';

const table = dealsTable(process.env);
const directory = new Directory(table);
const bodies = DeliveryBodies.of(process.env);

const depsFor = (cause: Cause) => {
  const repository = new Repository(table, orderEntity, cause);
  return {
    repository,
    deliveries: new Repository(table, deliveryEntity, cause),
    bodies,
    stores: new Repository(table, storeEntity, cause),
    orders: new Orders({ table, directory, cause }),
  };
};

/** What an order causes, its store caused. */
const causedBy = (cause: Cause, storeId: StoreId): Cause => ({ ...cause, actor: `store:${storeId}` });

const outcomeOf: Readonly<Record<DeliveryOutcome, Outcome>> = {
  processed: 'done',
  repeated: 'duplicate',
  irrelevant: 'irrelevant',
  unreadable: 'unreadable',
};

export const handler = consumer({
  subscription: commerce,
  async handle(messages, { count }) {
    const outcomes: Outcome[] = [];
    const news = messages.flatMap(({ event, cause }) =>
      isEvent(event, DeliveryReceived) || isEvent(event, FxRatesSet) ? [] : { deal: event.data, cause },
    );
    await followDeals(news, { table, directory });
    // One after another: deliveries of one order come in bursts, and would only get in one another's way.
    for (const { event, cause, logger } of messages) {
      if (isEvent(event, DeliveryReceived)) {
        const { id, storeId } = event.data;
        const outcome = outcomeOf[await processDelivery(id, depsFor(causedBy(cause, storeId)))];
        outcomes.push(outcome);
        if (outcome === 'unreadable') {
          logger.error('A delivery could not be read; it is kept', { deliveryId: id, storeId });
          count('UnreadableDeliveries');
        }
      } else if (isEvent(event, FxRatesSet)) {
        const valued = await revalueOrders(Object.keys(event.data.rates), depsFor(cause));
        outcomes.push('done');
        logger.info('Orders were valued that had waited for a rate', { valued });
      } else {
        outcomes.push('done');
      }
    }
    return { outcomes };
  },
});
