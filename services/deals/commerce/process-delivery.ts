import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { DeliveryId } from '../../../shared/ids/id.ts';
import { UnreadableDelivery } from '../domain/commerce/order-message.ts';
import { platforms } from '../domain/commerce/platforms.ts';
import type { DeliveryBodies } from './delivery-bodies.ts';
import type { DeliveryRecord, StoreRecord } from './entities.ts';
import type { Orders } from './orders.ts';

export interface DeliveryDeps {
  readonly deliveries: Repository<DeliveryRecord>;
  readonly bodies: Pick<DeliveryBodies, 'text'>;
  readonly stores: Repository<StoreRecord>;
  readonly orders: Orders;
}

export type DeliveryOutcome = 'processed' | 'irrelevant' | 'unreadable' | 'repeated';

const outcomeOf = async (
  delivery: DeliveryRecord,
  { bodies, stores, orders }: DeliveryDeps,
): Promise<{ status: Exclude<DeliveryOutcome, 'repeated'>; note?: string }> => {
  try {
    const message = platforms[delivery.platform].read({
      topic: delivery.topic,
      body: await bodies.text(delivery),
      triggeredAt: delivery.triggeredAt,
    });
    if (message.kind === 'irrelevant') return { status: 'irrelevant', note: message.reason };
    // Kept, so that it can be carried out once the platform's API can be asked.
    if (message.kind === 'fetch')
      return {
        status: 'unreadable',
        note: `order ${message.orderExternalId} is to be fetched from its platform`,
      };
    await orders.apply(await stores.get(delivery.storeId), message, delivery.triggeredAt);
    return { status: 'processed' };
  } catch (error) {
    // Kept as it came: it can be processed again once the adapter can read it.
    if (error instanceof UnreadableDelivery) return { status: 'unreadable', note: error.message };
    throw error;
  }
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
  } catch (error) {
    // Someone else carried it out at the same time, and marked it.
    if (!(error instanceof PreconditionFailed)) throw error;
  }
  return status;
};
