import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { DeliveryId } from '../../../shared/ids/id.ts';
import { type OrderMessage, UnreadableDelivery } from '../domain/commerce/order-message.ts';
import { platforms } from '../domain/commerce/platforms.ts';
import type { DeliveryBodies } from './delivery-bodies.ts';
import type { DeliveryRecord, StoreRecord } from './entities.ts';
import type { Orders } from './orders.ts';
import { StoreApiFailure } from './platform-api/failure.ts';
import type { PlatformApis } from './platform-api/platform-apis.ts';
import type { StoreDays } from './store-days.ts';

export interface DeliveryDeps {
  readonly deliveries: Repository<DeliveryRecord>;
  readonly bodies: Pick<DeliveryBodies, 'text'>;
  readonly stores: Repository<StoreRecord>;
  readonly orders: Orders;
  readonly apis: Pick<PlatformApis, 'of'>;
  readonly days: Pick<StoreDays, 'count'>;
  /** Whether the queue hands the delivery out no more: a store that could not be asked until now is given up, for a replay. */
  readonly isLastAttempt: boolean;
}

export type DeliveryOutcome = 'processed' | 'irrelevant' | 'unreadable' | 'repeated';

const outcomeOf = async (
  delivery: DeliveryRecord,
  deps: DeliveryDeps,
): Promise<{ status: Exclude<DeliveryOutcome, 'repeated'>; note?: string }> => {
  try {
    const told = platforms[delivery.platform].read({
      topic: delivery.topic,
      body: await deps.bodies.text(delivery),
      triggeredAt: delivery.triggeredAt,
    });
    if (told.kind === 'irrelevant') return { status: 'irrelevant', note: told.reason };
    const store = await deps.stores.get(delivery.storeId);
    const message = told.kind === 'fetch' ? await fetched(told.orderExternalId, store, deps) : told;
    await deps.orders.apply(store, message, delivery.triggeredAt);
    return { status: 'processed' };
  } catch (error) {
    // Kept as it came: it can be processed again once the adapter can read it, or the store's API is well.
    if (error instanceof UnreadableDelivery) return { status: 'unreadable', note: error.message };
    if (error instanceof StoreApiFailure && (error.problem !== 'unavailable' || deps.isLastAttempt))
      return { status: 'unreadable', note: `the store’s API gave no order: ${error.message}` };
    throw error;
  }
};

/** What the platform's API says of the order. @throws UnreadableDelivery without access to it; StoreApiFailure */
const fetched = async (
  externalId: string,
  store: StoreRecord,
  { apis }: Pick<DeliveryDeps, 'apis'>,
): Promise<OrderMessage> => {
  const api = await apis.of(store);
  if (api?.order === undefined)
    throw new UnreadableDelivery(
      `order ${externalId} is to be fetched from the store’s API, and the store was given no access to it: \`api\` of PATCH /v1/stores/{id}`,
    );
  return api.order(externalId);
};

/**
 * Carries out a stored delivery. Repeating it is harmless: an order that has taken a message in is not changed by it
 * again, and only then is the delivery marked.
 */
export const processDelivery = async (id: DeliveryId, deps: DeliveryDeps): Promise<DeliveryOutcome> => {
  const delivery = await deps.deliveries.find(id);
  if (delivery?.status !== 'received') return 'repeated';
  const { status, note } = await outcomeOf(delivery, deps);
  try {
    await deps.deliveries.save({ ...delivery, status, ...(note !== undefined && { note }) });
    await deps.days.count(delivery.storeId, status);
  } catch (error) {
    // Someone else carried it out at the same time, and marked it.
    if (!(error instanceof PreconditionFailed)) throw error;
  }
  return status;
};
