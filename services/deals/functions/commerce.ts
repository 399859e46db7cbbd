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
import { StoreApiFailure } from '../commerce/platform-api/failure.ts';
import { PlatformApis } from '../commerce/platform-api/platform-apis.ts';
import { type DeliveryOutcome, processDelivery } from '../commerce/process-delivery.ts';
import { revalueOrders } from '../commerce/revalue-orders.ts';
import { StoreDays } from '../commerce/store-days.ts';
import { StoreSecrets } from '../commerce/store-secrets.ts';
import { type Instant, systemClock } from '../../../shared/time/instant.ts';
import { addDays, dayOf } from '../../../shared/time/zone.ts';
import { latestRateDay } from '../store/fx-rate-store.ts';
import { dealsTable } from '../store.ts';
import { commerce } from '../subscriptions.ts';

const table = dealsTable(process.env);
const secrets = StoreSecrets.of(process.env);
const apis = new PlatformApis({ secrets, clock: systemClock });
const days = new StoreDays(table);
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
    apis,
    days,
  };
};

/** A file of rates that has come so near to today is as good as at its end. */
const NEAR_DAYS = 7;

/** Of a file of rates that is being taken in, those of the days that it has come to. */
const certainRates = async (currency: string) => {
  const [latest, { timeZone }] = await Promise.all([
    latestRateDay(table, currency),
    directory.organization(),
  ]);
  const near = addDays(dayOf(systemClock.now(), timeZone), -NEAR_DAYS);
  return (paidAt: Instant): boolean =>
    latest !== undefined && (latest >= near || dayOf(paidAt, timeZone) <= latest);
};

/** What an order causes, its store caused. */
const causedBy = (cause: Cause, storeId: StoreId): Cause => ({ ...cause, actor: `store:${storeId}` });

const outcomeOf: Readonly<Record<DeliveryOutcome, Outcome>> = {
  processed: 'done',
  repeated: 'duplicate',
  irrelevant: 'irrelevant',
  unreadable: 'unreadable',
};

/** Given back to the queue by itself: what throws is tried again in halves, and each would wait for the API once more. */
const unlessUnavailable = async (carryOut: () => Promise<Outcome>): Promise<Outcome | StoreApiFailure> => {
  try {
    return await carryOut();
  } catch (error) {
    if (error instanceof StoreApiFailure && error.problem === 'unavailable') return error;
    throw error;
  }
};

/** Answers as the store's API just did, without asking it. */
const answering = (failure: StoreApiFailure): Pick<PlatformApis, 'of'> => {
  const refuse = async () => Promise.reject(failure);
  return { of: async () => Promise.resolve({ order: refuse, changedSince: refuse }) };
};

export const handler = consumer({
  subscription: commerce,
  async handle(messages, { count }) {
    const outcomes: Outcome[] = [];
    const news = messages.flatMap(({ event, cause }) =>
      isEvent(event, DeliveryReceived) || isEvent(event, FxRatesSet) ? [] : { deal: event.data, cause },
    );
    await followDeals(news, { table, directory });
    const failed: string[] = [];
    /** Why the APIs of stores did not answer just now: the rest of the batch does not wait for them as well. */
    const unavailable = new Map<StoreId, StoreApiFailure>();
    // One after another: deliveries of one order come in bursts, and would only get in one another's way.
    for (const { event, cause, logger, messageId, receiveCount } of messages) {
      if (isEvent(event, DeliveryReceived)) {
        const { id, storeId } = event.data;
        const isLastAttempt = receiveCount >= commerce.maxReceiveCount;
        const silent = unavailable.get(storeId);
        const deps = {
          ...depsFor(causedBy(cause, storeId)),
          ...(silent !== undefined && { apis: answering(silent) }),
          isLastAttempt,
        };
        const outcome = await unlessUnavailable(async () => outcomeOf[await processDelivery(id, deps)]);
        if (outcome instanceof StoreApiFailure) {
          unavailable.set(storeId, outcome);
          failed.push(messageId);
          outcomes.push('done');
          logger.warn('A store’s API did not answer; it is asked again later', { deliveryId: id, storeId });
          continue;
        }
        outcomes.push(outcome);
        if (outcome === 'unreadable') {
          logger.error('A delivery could not be read; it is kept', { deliveryId: id, storeId });
          count('UnreadableDeliveries');
        }
      } else if (isEvent(event, FxRatesSet)) {
        const valued = await revalueOrders(Object.keys(event.data.rates), {
          ...depsFor(cause),
          ...(event.data.imported === true && { isCertain: certainRates }),
        });
        outcomes.push('done');
        logger.info('Orders were valued that had waited for a rate', { valued });
      } else {
        outcomes.push('done');
      }
    }
    return { outcomes, failed };
  },
});
