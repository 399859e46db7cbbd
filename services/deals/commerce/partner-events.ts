import * as z from 'zod';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { AlreadyExists } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { DeliveryReceived } from '../../../shared/events/deals.ts';
import { DeliveryId, derivedId } from '../../../shared/ids/id.ts';
import { deliveryOfPartnerEvent } from '../domain/commerce/shopify-partner-event.ts';
import { UnreadableDelivery } from '../domain/commerce/order-message.ts';
import type { DeliveryBodies } from './delivery-bodies.ts';
import { deliveryEntity, storeEntity, type StoreRecord, STORES } from './entities.ts';
import { StoreDays } from './store-days.ts';

/** What became of an event. */
export type PartnerOutcome = 'received' | 'duplicate' | 'nobodys';

const Envelope = z.object({ source: z.string(), id: z.string() });

const envelopeOf = (text: string): z.infer<typeof Envelope> => {
  try {
    return Envelope.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnreadableDelivery('the message is no event of EventBridge', { cause });
  }
};

/** The store whose events this source sends. There are few stores: the list is read, a page at a time. */
export const storeOfSource = async (
  stores: Repository<StoreRecord>,
  source: string,
): Promise<StoreRecord | undefined> => {
  let cursor: Item | undefined;
  do {
    const page = await stores.queryIndex('gsi1', STORES, { limit: 100, cursor });
    const found = page.items.find(({ eventSource }) => eventSource === source);
    if (found !== undefined) return found;
    cursor = page.lastKey;
  } while (cursor !== undefined);
  return undefined;
};

interface PartnerEventDeps {
  readonly table: Table;
  readonly bodies: Pick<DeliveryBodies, 'keep'>;
  readonly cause: Omit<Cause, 'actor'>;
}

/**
 * Keeps an event of Shopify's partner bus as if it had come as a webhook; what it says is carried out afterwards. It bears
 * no signature: nobody but the partner can put events of its source on a bus.
 * @throws UnreadableDelivery for what is no such event
 */
export const keepPartnerEvent = async (
  text: string,
  { table, bodies, cause: by }: PartnerEventDeps,
): Promise<PartnerOutcome> => {
  const { source } = envelopeOf(text);
  const { topic, identity, triggeredAt, body } = deliveryOfPartnerEvent(text);
  const store = await storeOfSource(new Repository(table, storeEntity, { ...by, actor: 'system' }), source);
  if (store === undefined) return 'nobodys';
  const cause: Cause = { ...by, actor: `store:${store.id}` };
  const days = new StoreDays(table);
  const id = derivedId(DeliveryId, store.id, identity);
  try {
    await new Repository(table, deliveryEntity, cause).create(
      {
        id,
        storeId: store.id,
        platform: store.platform,
        topic,
        triggeredAt,
        receivedAt: table.clock.now(),
        ...(await bodies.keep({ id, storeId: store.id }, Buffer.from(body))),
        status: 'received',
      },
      DeliveryReceived,
    );
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    await days.count(store.id, 'duplicates', { heard: true });
    return 'duplicate';
  }
  await days.count(store.id, 'received', { heard: true });
  return 'received';
};
