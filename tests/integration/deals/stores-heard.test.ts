import { DeliveryBodies } from '../../../services/deals/commerce/delivery-bodies.ts';
import { storedObjects } from '../../support/stored-objects.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliveryEntity, storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { keepPartnerEvent } from '../../../services/deals/commerce/partner-events.ts';
import { StoreDays } from '../../../services/deals/commerce/store-days.ts';
import { storeSilenceEntity, watchStores } from '../../../services/deals/commerce/watch-stores.ts';
import { UnreadableDelivery } from '../../../services/deals/domain/commerce/order-message.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { DeliveryId, derivedId } from '../../../shared/ids/id.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';

const HOUR = 3_600_000;
const cause = { correlationId: 'test', actor: 'system' } as const;
const SOURCE = 'aws.partner/shopify.com/12345/quotaline';
const store = StoreRecord.parse({
  id: 'store_01KB0000000000000000000001',
  name: 'PastaPro',
  platform: 'shopify',
  currency: 'USD',
  eventSource: SOURCE,
  silenceHours: 6,
  createdAt: '2026-01-05T09:00:00Z',
});

describe('stores that are heard of', () => {
  let dynoxide: Dynoxide;
  let table: Table;
  let time = 0;

  beforeAll(async () => {
    dynoxide = await startDynoxide();
  });
  afterAll(async () => {
    await dynoxide.stop();
  });
  beforeEach(async () => {
    time = Date.parse('2026-11-25T09:00:00Z');
    table = await dynoxide.table({ clock: { now: () => instantFrom(time) } });
    await new Repository(table, storeEntity, cause).create(store, []);
  });
  const silence = async () => new Repository(table, storeSilenceEntity, cause).find(store.id);

  it('are not silent before they were ever heard of', async () => {
    time += 100 * HOUR;
    expect(await watchStores(table, cause)).toBe(0);
    expect(await silence()).toBeUndefined();
  });

  it('are told of once when they fall silent, and once when they are heard of again', async () => {
    const days = new StoreDays(table);
    await days.count(store.id, 'received', { heard: true });
    time += 6 * HOUR;
    expect(await watchStores(table, cause)).toBe(0);
    time += 1;
    // Somebody tries signatures: that is not the store.
    await days.count(store.id, 'signatureFailures');
    expect(await watchStores(table, cause)).toBe(1);
    expect(await watchStores(table, cause)).toBe(1);
    expect(await silence()).toMatchObject({ silent: true, version: 1, silenceHours: 6 });
    await days.count(store.id, 'received', { heard: true });
    expect(await watchStores(table, cause)).toBe(0);
    expect(await watchStores(table, cause)).toBe(0);
    expect(await silence()).toMatchObject({ silent: false, version: 2 });
  });

  describe('by EventBridge', () => {
    const event = (source: string, more: object = {}) =>
      JSON.stringify({
        id: 'b1f2',
        source,
        time: '2026-11-25T08:59:00Z',
        'detail-type': 'shopifyWebhook',
        detail: {
          payload: { id: 1, name: '#1' },
          metadata: { 'X-Shopify-Topic': 'orders/create', 'X-Shopify-Webhook-Id': 'w-1' },
          ...more,
        },
      }).replace('"id":1,', '"id":9007199254740993,');
    const bodies = new DeliveryBodies(storedObjects().s3, 'bucket');
    const keep = async (text: string) =>
      keepPartnerEvent(text, { table, bodies, cause: { correlationId: 'test' } });

    it('have their events kept as deliveries, once, with every digit', async () => {
      expect(await keep(event(SOURCE))).toBe('received');
      expect(await keep(event(SOURCE))).toBe('duplicate');
      const delivery = await new Repository(table, deliveryEntity, cause).get(
        derivedId(DeliveryId, store.id, 'w-1'),
      );
      expect(delivery).toMatchObject({ topic: 'orders/create', status: 'received' });
      expect(await bodies.text(delivery)).toContain('9007199254740993');
      expect(await new StoreDays(table).latest(store.id, 1)).toMatchObject([{ received: 1, duplicates: 1 }]);
    });

    it('take no events of a source that is no store’s, and none without a payload', async () => {
      expect(await keep(event('aws.partner/shopify.com/999/other'))).toBe('nobodys');
      await expect(keep(event(SOURCE, { payload: undefined }))).rejects.toThrow(UnreadableDelivery);
      await expect(keep('no json')).rejects.toThrow(UnreadableDelivery);
    });
  });
});
