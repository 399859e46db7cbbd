import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type LocalRun, startLocalRun } from '../support/local-run.ts';
import { create } from '../support/sales-organization.ts';

const SECRET = 'the-client-secret-of-the-app';
const Orders = z.object({
  items: z.array(z.object({ number: z.string(), net: z.object({ amount: z.int() }) })),
});

const began = Date.now();

const order = (id: number) => ({
  id,
  date_created: new Date(began - 7_200_000).toUTCString(),
  date_modified: new Date(began - 3_600_000).toUTCString(),
  status_id: 11,
  subtotal_ex_tax: '468.0000',
  shipping_cost_ex_tax: '12.0000',
  total_inc_tax: '480.0000',
  refunded_amount: '0.0000',
  payment_status: 'captured',
  currency_code: 'USD',
});
const products = [
  { id: 7, name: 'Lasagne', sku: 'LAS-12', quantity: 10, price_ex_tax: '46.8000', total_ex_tax: '468.0000' },
];

describe('a shop on BigCommerce, whose webhooks hold ids alone', () => {
  let run: LocalRun;
  let storeId: string;
  let isWell = true;
  const answer: RequestListener = ({ url = '', headers }, response) => {
    const reply = (status: number, body?: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (headers['x-auth-token'] !== 'token') return reply(401);
    if (!isWell) return response.writeHead(200).end('<html>Down for maintenance</html>');
    const [, id] = /\/v2\/orders\/(\d+)$/.exec(url) ?? [];
    if (id !== undefined) return reply(200, order(Number(id)));
    if (url.includes('/products')) return reply(200, products);
    return url.includes('/v2/orders?') ? reply(200, [order(118), order(119)]) : reply(404);
  };
  const api = createServer(answer);

  beforeAll(async () => {
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    run = await startLocalRun();
    const { port } = api.address() as AddressInfo;
    storeId = await create(run, '/v1/stores', {
      name: 'PastaPro on BigCommerce',
      platform: 'bigcommerce',
      currency: 'USD',
      secrets: [SECRET],
      api: { url: `http://127.0.0.1:${String(port)}`, storeHash: 'abc', accessToken: 'token' },
    });
  });
  afterAll(async () => {
    api.close();
    await run.stop();
  });

  const send = async (orderId: number): Promise<number> => {
    const body = JSON.stringify({ scope: 'store/order/created', data: { type: 'order', id: orderId } });
    const id = randomUUID();
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', SECRET).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    return (await fetch(`${run.url}/v1/webhooks/${storeId}`, { method: 'POST', headers, body })).status;
  };
  const orders = async () =>
    Orders.parse((await run.request('GET', `/v1/orders?storeId=${storeId}`)).body).items.map(
      ({ number, net }) => `${number}: ${String(net.amount)}`,
    );
  const ended = async (path: string) => {
    await run.idle();
    return (await run.request('GET', path)).body;
  };

  it('has its orders fetched, and never tells what it was given to be asked with', async () => {
    expect(await send(118)).toBe(200);
    await run.idle();
    expect(await orders()).toEqual(['118: 46800']);
    const { body } = await run.request('GET', `/v1/stores/${storeId}`);
    expect(body).toMatchObject({ apiUrl: expect.stringContaining('http://127.0.0.1') as string });
    expect(JSON.stringify(body)).not.toContain('token');
  });

  it('shows what its API did not give, with the reason, and carries it out again', async () => {
    isWell = false;
    expect(await send(118)).toBe(200);
    await run.idle();
    const health = await run.request('GET', `/v1/stores/${storeId}/health`);
    expect(health.body).toMatchObject({ state: 'failing', kept: 1 });
    const kept = await run.request('GET', `/v1/stores/${storeId}/deliveries`);
    expect(kept.body).toMatchObject({ items: [{ note: expect.stringContaining('not JSON') as string }] });
    isWell = true;
    const replay = await run.request('POST', `/v1/stores/${storeId}/replays`, {});
    expect(replay.status).toBe(202);
    const { id } = z.object({ id: z.string() }).parse(replay.body);
    expect(await ended(`/v1/stores/${storeId}/replays/${id}`)).toMatchObject({
      status: 'succeeded',
      replayed: 1,
    });
    expect((await run.request('GET', `/v1/stores/${storeId}/health`)).body).toMatchObject({
      state: 'healthy',
      kept: 0,
    });
  });

  it('is asked for what its webhooks never brought', async () => {
    const from = new Date(Date.now() - 86_400_000).toISOString();
    const path = `/v1/stores/${storeId}/reconciliations`;
    const { id } = z.object({ id: z.string() }).parse((await run.request('POST', path, { from })).body);
    expect(await ended(`${path}/${id}`)).toMatchObject({
      status: 'succeeded',
      counts: { orders: 2, missing: 1, unchanged: 1 },
      missing: ['119'],
    });
    expect(await orders()).toHaveLength(2);
  });

  it('takes orders of Shopify’s partner bus for the store that names their source', async () => {
    const source = 'aws.partner/shopify.com/12345/quotaline';
    const shop = await create(run, '/v1/stores', {
      ...{ name: 'PastaPro on Shopify', platform: 'shopify', currency: 'USD', secrets: ['hidden'] },
      eventSource: source,
    });
    const second = await run.request('POST', '/v1/stores', {
      ...{ name: 'Another', platform: 'shopify', currency: 'USD', secrets: ['hidden'] },
      eventSource: source,
    });
    expect(second.status).toBe(409);
    const payload = {
      ...{ id: 820982911946154, name: '#1001', currency: 'USD', financial_status: 'paid' },
      ...{ created_at: '2026-11-20T10:00:00Z', total_line_items_price: '89.00', subtotal_price: '89.00' },
      ...{ total_tax: '0.00', total_price: '89.00', line_items: [] },
    };
    const metadata = { 'X-Shopify-Topic': 'orders/create', 'X-Shopify-Webhook-Id': 'w-1' };
    const events = [{ source, detailType: 'shopifyWebhook', detail: { payload, metadata } }];
    await run.events(events);
    await run.events(events);
    await run.idle();
    const { body } = await run.request('GET', `/v1/orders?storeId=${shop}`);
    expect(body).toMatchObject({ items: [{ number: '#1001', net: { amount: 8_900 } }] });
    expect((await run.request('GET', `/v1/stores/${shop}/health`)).body).toMatchObject({
      days: [{ received: 1, duplicates: 1, processed: 1 }],
    });
  });
});
