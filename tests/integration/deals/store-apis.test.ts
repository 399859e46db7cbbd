import { DeliveryBodies } from '../../../services/deals/commerce/delivery-bodies.ts';
import { storedObjects } from '../../support/stored-objects.ts';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  deliveryEntity,
  orderEntity,
  storeEntity,
  StoreRecord,
} from '../../../services/deals/commerce/entities.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import { StoreApiFailure } from '../../../services/deals/commerce/platform-api/failure.ts';
import { PlatformApis } from '../../../services/deals/commerce/platform-api/platform-apis.ts';
import { processDelivery } from '../../../services/deals/commerce/process-delivery.ts';
import { RECONCILE_STORE, reconcileStore } from '../../../services/deals/commerce/reconcile-store.ts';
import { REPLAY_DELIVERIES, replayDeliveries } from '../../../services/deals/commerce/replay-deliveries.ts';
import { StoreDays } from '../../../services/deals/commerce/store-days.ts';
import type { KeptAccess } from '../../../services/deals/commerce/store-secrets.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { DealsJobAdvanced, DeliveryReceived } from '../../../shared/events/deals.ts';
import { DeliveryId, derivedId, JobId, OrderId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { runJob } from '../../support/run-jobs.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const clock = { now: () => Instant.parse('2026-11-25T09:00:00Z') };
const storeOn = (platform: string) =>
  StoreRecord.parse({
    id: `store_01KB00000000000000000000${platform === 'bigcommerce' ? 'B1' : 'W1'}`,
    name: 'PastaPro',
    platform,
    currency: 'USD',
    apiUrl: 'https://api.example',
    createdAt: '2026-01-05T09:00:00Z',
  });
const thin = storeOn('bigcommerce');
const woo = storeOn('woocommerce');

const bigOrder = {
  id: 118,
  date_created: 'Mon, 23 Nov 2026 10:00:00 +0000',
  date_modified: 'Mon, 23 Nov 2026 10:05:00 +0000',
  status_id: 11,
  subtotal_ex_tax: '468.0000',
  shipping_cost_ex_tax: '12.0000',
  total_inc_tax: '480.0000',
  refunded_amount: '0.0000',
  payment_status: 'captured',
  currency_code: 'USD',
};
const bigProducts = [
  {
    id: 7,
    name: 'Lasagne sheets',
    sku: 'LAS-12',
    quantity: 10,
    price_ex_tax: '46.8000',
    total_ex_tax: '468.0000',
  },
];

const wooOrder = (id: number, total = '50.00') => ({
  id,
  number: String(id),
  status: 'completed',
  currency: 'USD',
  date_created_gmt: '2026-11-20T10:00:00',
  date_modified_gmt: '2026-11-20T11:00:00',
  date_paid_gmt: '2026-11-20T10:01:00',
  discount_total: '0.00',
  shipping_total: '0.00',
  total,
  total_tax: '0.00',
  line_items: [{ id: 1, name: 'Ravioli', sku: 'RAV-08', quantity: 1, subtotal: total, total }],
  refunds: [],
});

describe('orders that a store’s API is asked for', () => {
  let dynoxide: Dynoxide;
  let table: Table;
  let answers: Record<string, () => Response>;
  let asked: string[];

  beforeAll(async () => {
    dynoxide = await startDynoxide();
  });
  afterAll(async () => {
    await dynoxide.stop();
  });
  beforeEach(async () => {
    table = await dynoxide.table({ clock });
    asked = [];
    for (const store of [thin, woo]) await new Repository(table, storeEntity, cause).create(store, []);
    answers = {
      '/stores/abc/v2/orders/118': () => Response.json(bigOrder),
      '/stores/abc/v2/orders/118/products': () => Response.json(bigProducts),
    };
  });

  const access = (url: string | undefined): KeptAccess | undefined =>
    url === undefined
      ? undefined
      : { url, storeHash: 'abc', accessToken: 'token', consumerKey: 'k', consumerSecret: 's' };
  const apis = (url: string | undefined = 'https://api.example') =>
    new PlatformApis({
      clock,
      secrets: { findAccess: async () => Promise.resolve(access(url)) },
      fetch: async (target) => {
        asked.push(target.pathname + target.search);
        const answer = answers[target.pathname];
        return answer === undefined ? new Response(null, { status: 404 }) : Promise.resolve(answer());
      },
    });
  const deps = (options: { readonly isLastAttempt?: boolean; readonly url?: string | undefined } = {}) => ({
    deliveries: new Repository(table, deliveryEntity, cause),
    stores: new Repository(table, storeEntity, cause),
    orders: new Orders({ table, directory: new Directory(table), cause }),
    days: new StoreDays(table),
    bodies: new DeliveryBodies(storedObjects().s3, 'bucket'),
    apis: 'url' in options ? apisWithout() : apis(),
    isLastAttempt: options.isLastAttempt ?? false,
  });
  const apisWithout = () =>
    new PlatformApis({ clock, secrets: { findAccess: async () => Promise.resolve(undefined) } });

  const deliver = async (key = 'one'): Promise<DeliveryId> => {
    const id = derivedId(DeliveryId, key);
    await deps().deliveries.create(
      {
        id,
        storeId: thin.id,
        platform: 'bigcommerce',
        topic: 'store/order/created',
        triggeredAt: clock.now(),
        receivedAt: clock.now(),
        body: gzipSync(JSON.stringify({ scope: 'store/order/created', data: { type: 'order', id: 118 } })),
        status: 'received',
      },
      DeliveryReceived,
    );
    return id;
  };
  const order = async (storeId: StoreRecord['id'], externalId: string) =>
    new Repository(table, orderEntity, cause).find(derivedId(OrderId, storeId, externalId));
  const kept = async (id: DeliveryId) => deps().deliveries.get(id);

  it('makes an order of a delivery that only names it', async () => {
    expect(await processDelivery(await deliver(), deps())).toBe('processed');
    expect((await order(thin.id, '118'))?.snapshot).toMatchObject({
      net: { amount: 46_800, currency: 'USD' },
      shipping: { amount: 1_200 },
      lines: [{ sku: 'LAS-12', quantity: 10 }],
    });
    expect(asked).toEqual(['/stores/abc/v2/orders/118', '/stores/abc/v2/orders/118/products?limit=250']);
  });

  it.each([
    [500, 'answered 500'],
    [429, 'answered 429'],
  ])(
    'asks again later where the API answers %s, and keeps the delivery after the last time',
    async (status, says) => {
      answers['/stores/abc/v2/orders/118'] = () => new Response(null, { status });
      const id = await deliver();
      await expect(processDelivery(id, deps())).rejects.toThrow(StoreApiFailure);
      expect((await kept(id)).status).toBe('received');
      expect(await processDelivery(id, deps({ isLastAttempt: true }))).toBe('unreadable');
      expect(await kept(id)).toMatchObject({
        status: 'unreadable',
        note: expect.stringContaining(says) as string,
      });
    },
  );

  it.each([
    ['garbage', () => new Response('<html>'), 'not JSON'],
    ['an order of another shape', () => Response.json({ id: 118, currency_code: 'USD' }), 'date_created'],
    ['that there is no such order', () => new Response(null, { status: 404 }), 'answered 404'],
    ['that we may not', () => new Response(null, { status: 401 }), 'answered 401'],
  ] as const)('keeps a delivery at once where the API answers %s', async (_, answer, says) => {
    answers['/stores/abc/v2/orders/118'] = answer;
    const id = await deliver();
    expect(await processDelivery(id, deps())).toBe('unreadable');
    expect((await kept(id)).note).toContain(says);
  });

  it('keeps a delivery of a store that gave no access, and carries it out by a replay once it did', async () => {
    const id = await deliver();
    expect(await processDelivery(id, deps({ url: undefined }))).toBe('unreadable');
    expect((await kept(id)).note).toContain('PATCH /v1/stores/{id}');
    const jobId = derivedId(JobId, 'replay');
    await new Jobs(table, DealsJobAdvanced, cause).start(
      newJob({ id: jobId, kind: REPLAY_DELIVERIES, input: { storeId: thin.id } }, clock),
    );
    const handlers = [replayDeliveries(table)];
    expect((await runJob(jobId, { table, clock, advanced: DealsJobAdvanced, handlers })).counts).toEqual({
      replayed: 1,
    });
    expect(await kept(id)).toMatchObject({ status: 'received' });
    expect(await processDelivery(id, deps())).toBe('processed');
    expect(await new StoreDays(table).latest(thin.id, 5)).toMatchObject([{ unreadable: 1, processed: 1 }]);
  });

  it('asks the other platforms that name an order alone', async () => {
    const shopify = StoreRecord.parse({ ...storeOn('shopify'), id: 'store_01KB00000000000000000000S1' });
    answers['/admin/api/2025-01/orders/118.json'] = () =>
      Response.json({
        order: {
          ...{
            id: 118,
            name: '#118',
            currency: 'USD',
            financial_status: 'paid',
            created_at: '2026-11-23T10:00:00Z',
          },
          ...{
            total_line_items_price: '89.00',
            subtotal_price: '89.00',
            total_tax: '0.00',
            total_price: '89.00',
          },
          line_items: [],
        },
      });
    answers['/admin/orders/order_118'] = () =>
      Response.json({
        order: {
          ...{ id: 'order_118', display_id: 118, currency_code: 'usd', created_at: '2026-11-23T10:00:00Z' },
          ...{ status: 'pending', payment_status: 'captured', total: 89, subtotal: 89, tax_total: 0 },
          ...{ item_total: 89, item_subtotal: 89, shipping_total: 0, discount_total: 0, items: [] },
        },
      });
    const medusa = await apis().of({ ...shopify, platform: 'medusa' });
    expect(await medusa?.order?.('order_118')).toMatchObject({
      kind: 'snapshot',
      snapshot: { externalId: 'order_118' },
    });
    const api = await apis().of(shopify);
    expect(await api?.order?.('118')).toMatchObject({
      kind: 'snapshot',
      snapshot: { externalId: '118', net: { amount: 8_900 } },
    });
  });

  describe('by a reconciliation', () => {
    let runs = 0;
    const reconcile = async (dryRun = false) => {
      runs += 1;
      const id = derivedId(JobId, 'reconcile', String(runs));
      const input = { storeId: woo.id, from: '2026-11-01T00:00:00Z', dryRun };
      await new Jobs(table, DealsJobAdvanced, cause).start(
        newJob({ id, kind: RECONCILE_STORE, input }, clock),
      );
      const ordersFor = () => deps().orders;
      const handlers = [reconcileStore({ table, apis: apis(), ordersFor })];
      return runJob(id, { table, clock, advanced: DealsJobAdvanced, handlers });
    };
    const shop = (...orders: object[]) => {
      answers['/wp-json/wc/v3/orders'] = () =>
        Response.json(orders.splice(0, 2), {
          headers: { 'x-wp-totalpages': String(Math.ceil(orders.length / 2) || 1) },
        });
    };

    it('takes in what is missing, once, and leaves alone what is here as the shop has it', async () => {
      answers['/wp-json/wc/v3/orders'] = () =>
        Response.json([wooOrder(1), wooOrder(2)], { headers: { 'x-wp-totalpages': '1' } });
      expect(await reconcile(true)).toMatchObject({ counts: { orders: 2, missing: 2 }, status: 'succeeded' });
      expect(await order(woo.id, '1')).toBeUndefined();
      expect(await reconcile()).toMatchObject({
        counts: { missing: 2, unchanged: 0 },
        found: { missing: ['1', '2'] },
      });
      const version = (await order(woo.id, '1'))?.version;
      expect(await reconcile()).toMatchObject({ counts: { missing: 0, changed: 0, unchanged: 2 } });
      expect((await order(woo.id, '1'))?.version).toBe(version);
    });

    it('goes through all pages', async () => {
      const pages = [[wooOrder(1), wooOrder(2)], [wooOrder(3)]];
      answers['/wp-json/wc/v3/orders'] = () =>
        Response.json(pages.shift() ?? [], { headers: { 'x-wp-totalpages': '2' } });
      expect((await reconcile()).counts).toMatchObject({ orders: 3, missing: 3 });
      expect(asked.at(-1)).toContain('page=2');
    });

    it('names an order that changed meanwhile', async () => {
      shop(wooOrder(1));
      await reconcile();
      shop({ ...wooOrder(1, '70.00'), date_modified_gmt: '2026-11-21T11:00:00' });
      expect(await reconcile()).toMatchObject({ counts: { changed: 1 }, found: { changed: ['1'] } });
      expect((await order(woo.id, '1'))?.snapshot?.net.amount).toBe(7_000);
    });

    it('fails with what the API says where it does not let us in', async () => {
      answers['/wp-json/wc/v3/orders'] = () => new Response(null, { status: 403 });
      expect(await reconcile()).toMatchObject({
        status: 'failed',
        problem: expect.stringContaining('answered 403') as string,
      });
    });
  });
});
