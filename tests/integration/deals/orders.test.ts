import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shopifyOrder, shopifyRefund } from '../../../infra/local/demo/shopify-order.ts';
import {
  type DeliveryRecord,
  deliveryEntity,
  orderEntity,
  StoreRecord,
  storeEntity,
} from '../../../services/deals/commerce/entities.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import { DeliveryBodies } from '../../../services/deals/commerce/delivery-bodies.ts';
import { StoreDays } from '../../../services/deals/commerce/store-days.ts';
import { processDelivery } from '../../../services/deals/commerce/process-delivery.ts';
import { revalueOrders } from '../../../services/deals/commerce/revalue-orders.ts';
import { orderState } from '../../../services/deals/domain/commerce/order.ts';
import { fxRatesEntity } from '../../../services/deals/store/entities.ts';
import { FxRates } from '../../../services/deals/domain/fx.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { DeliveryReceived } from '../../../shared/events/deals.ts';
import { DeliveryId, derivedId, OrderId, StoreId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { storedObjects } from '../../support/stored-objects.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const ORDER = '820982911946154508';
const store = StoreRecord.parse({
  id: derivedId(StoreId, 'pastapro'),
  name: 'PastaPro web shop',
  platform: 'shopify',
  currency: 'USD',
  createdAt: '2026-01-05T09:00:00Z',
});
const lasagne = { sku: 'LAS-12', title: 'Lasagne sheets', quantity: 10, price: '46.80' };
const paid = (currency = 'USD') =>
  shopifyOrder({ id: ORDER, number: 7, at: '2026-10-05T09:00:00Z', lines: [lasagne], currency });
const refund = shopifyRefund({ id: '991', orderId: ORDER, at: '2026-10-06T09:00:00Z', amount: '46.80' });

describe('orders from stored deliveries, in a real table', () => {
  let dynoxide: Dynoxide;
  let table: Table;
  let deliveries: Repository<DeliveryRecord>;

  beforeAll(async () => {
    dynoxide = await startDynoxide();
  });
  afterAll(async () => {
    await dynoxide.stop();
  });
  beforeEach(async () => {
    table = await dynoxide.table();
    deliveries = new Repository(table, deliveryEntity, cause);
    await new Repository(table, storeEntity, cause).create(store, []);
  });

  const deps = () => {
    const repository = new Repository(table, orderEntity, cause);
    return {
      repository,
      deliveries,
      bodies: new DeliveryBodies(storedObjects().s3, 'bucket'),
      stores: new Repository(table, storeEntity, cause),
      orders: new Orders({ table, directory: new Directory(table), cause }),
      apis: { of: async () => Promise.resolve(undefined) },
      days: new StoreDays(table),
      isLastAttempt: false,
    };
  };
  const deliver = async (key: string, topic: string, body: string): Promise<DeliveryId> => {
    const id = derivedId(DeliveryId, key);
    const at = Instant.parse('2026-10-06T10:00:00Z');
    await deliveries.create(
      {
        id,
        storeId: store.id,
        platform: 'shopify',
        topic,
        triggeredAt: at,
        receivedAt: at,
        body: gzipSync(body),
        status: 'received',
      },
      DeliveryReceived,
    );
    return id;
  };
  const order = async () => {
    const { version, ...record } = await deps().repository.get(derivedId(OrderId, store.id, ORDER));
    return { version, state: orderState(record) };
  };

  it('takes ten deliveries of one order at once, and loses no refund', async () => {
    const refunds = Array.from({ length: 5 }, (_, index) =>
      shopifyRefund({ id: `99${String(index)}`, orderId: ORDER, at: '2026-10-06T09:00:00Z', amount: '1.00' }),
    );
    const ids = await Promise.all([
      ...refunds.map((body, index) => deliver(`refund-${String(index)}`, 'refunds/create', body)),
      ...[1, 2, 3, 4, 5].map((index) => deliver(`paid-${String(index)}`, 'orders/paid', paid())),
    ]);
    await Promise.all(ids.map((id) => processDelivery(id, deps())));
    const { state } = await order();
    expect(state).toMatchObject({ net: { amount: 46_800 }, reportingNet: { amount: 46_800 } });
    expect(state?.refunds).toHaveLength(5);
  });

  it('changes nothing when a delivery is carried out again', async () => {
    const id = await deliver('paid', 'orders/paid', paid());
    expect(await processDelivery(id, deps())).toBe('processed');
    expect(await processDelivery(id, deps())).toBe('repeated');
    expect(await order()).toMatchObject({ version: 1 });
  });

  it('is carried out again when it was stopped between the order and its mark', async () => {
    const id = await deliver('paid', 'orders/paid', paid());
    const stopping = new Repository(table, deliveryEntity, cause);
    stopping.save = () => Promise.reject(new Error('stopped'));
    await expect(processDelivery(id, { ...deps(), deliveries: stopping })).rejects.toThrow('stopped');
    expect(await processDelivery(id, deps())).toBe('processed');
    expect(await order()).toMatchObject({ version: 1 });
  });

  it('keeps a delivery that cannot be read', async () => {
    const id = await deliver('broken', 'orders/paid', '{"id": 1}');
    expect(await processDelivery(id, deps())).toBe('unreadable');
    expect(await deliveries.get(id)).toMatchObject({ status: 'unreadable' });
    const found = await deliveries.queryIndex('gsi1', `delivery#unreadable#${store.id}`);
    expect(found.items).toHaveLength(1);
  });

  it('waits for an exchange rate, and values order and refund at the same one', async () => {
    for (const [key, topic, body] of [
      ['paid', 'orders/paid', paid('HKD')],
      [
        'refund',
        'refunds/create',
        shopifyRefund({
          id: '991',
          orderId: ORDER,
          at: '2026-10-06T09:00:00Z',
          amount: '46.80',
          currency: 'HKD',
        }),
      ],
    ] as const) {
      await processDelivery(await deliver(key, topic, body), deps());
    }
    expect((await order()).state).not.toHaveProperty('reportingNet');
    const rates = FxRates.parse({
      id: '2026-10-01',
      day: '2026-10-01',
      base: 'USD',
      rates: { HKD: '0.128' },
    });
    await new Repository(table, fxRatesEntity, cause).create(rates, []);
    expect(await revalueOrders(['HKD'], deps())).toBe(1);
    expect((await order()).state).toMatchObject({
      reportingNet: { amount: 5_990, currency: 'USD' },
      refunds: [{ reportingNet: { amount: 599, currency: 'USD' } }],
    });
    expect(await revalueOrders(['HKD'], deps())).toBe(0);
  });

  it('remembers a refund that comes before its order', async () => {
    await processDelivery(await deliver('refund', 'refunds/create', refund), deps());
    expect((await order()).state).toBeUndefined();
    await processDelivery(await deliver('paid', 'orders/paid', paid()), deps());
    expect((await order()).state?.refunds).toMatchObject([{ externalId: '991', net: { amount: 4_680 } }]);
  });
});
