import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { shopifyHeaders, shopifyOrder, shopifyRefund } from '../../../infra/local/demo/shopify-order.ts';
import { startSystem, type System } from '../../support/system.ts';
import { create, salesOrganization, type SalesOrganization } from '../../support/sales-organization.ts';

const Kpis = z.object({ kpis: z.record(z.string(), z.object({ value: z.number().nullable() })) });

describe('a store that sends signed webhooks', () => {
  let run: System;
  let sales: SalesOrganization;
  let storeId: string;
  const secret = 'pastapro-web-shop';
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const month = at.slice(0, 7);
  const ravioli = { sku: 'RAV-08', title: 'Ravioli ricotta, 8 × 1 kg', quantity: 3, price: '89.00' };
  const order = shopifyOrder({
    id: '820982911946154601',
    number: 2001,
    at,
    lines: [ravioli],
    shipping: '9.90',
  });

  const post = (body: string, headers: Readonly<Record<string, string>>, store = storeId) =>
    fetch(`${run.url}/v1/webhooks/${store}`, { method: 'POST', headers, body });
  const values = async (kpis: string) => {
    const answer = await run.request(
      'GET',
      `/v1/metrics?scope=rep:${sales.repId}&period=${month}&kpis=${kpis}`,
    );
    return Object.fromEntries(
      Object.entries(Kpis.parse(answer.body).kpis).map(([kpi, { value }]) => [kpi, value]),
    );
  };

  beforeAll(async () => {
    run = await startSystem();
    sales = await salesOrganization(run);
    storeId = await create(run, '/v1/stores', {
      name: 'PastaPro web shop',
      platform: 'shopify',
      currency: 'USD',
      ownerId: sales.repId,
      secrets: [secret],
    });
  });
  afterAll(async () => {
    await run.stop();
  });

  it('counts a paid order once, however often it is delivered', async () => {
    for (const id of ['a', 'a', 'b']) {
      expect((await post(order, shopifyHeaders('orders/paid', order, secret, id))).status).toBe(200);
    }
    await run.idle();
    expect(await values('wonRevenue,ordersCount')).toEqual({ wonRevenue: 26_700, ordersCount: 1 });
  });

  it('takes a refund off the revenue and leaves the order counted', async () => {
    const refund = shopifyRefund({
      id: '890088186047892999',
      orderId: '820982911946154601',
      at,
      amount: '89.00',
    });
    for (const id of ['r', 'r']) {
      expect((await post(refund, shopifyHeaders('refunds/create', refund, secret, id))).status).toBe(200);
    }
    await run.idle();
    expect(await values('wonRevenue,ordersCount')).toEqual({ wonRevenue: 17_800, ordersCount: 1 });
  });

  it.each([
    ['a bad signature', 401, { 'x-shopify-hmac-sha256': 'AAAA' }],
    [
      'a signature by a secret that is no longer valid',
      401,
      shopifyHeaders('orders/paid', order, 'old', 'x'),
    ],
    ['no signature', 401, { 'content-type': 'application/json' }],
  ])('refuses %s', async (_, status, headers) => {
    const response = await post(order, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('refuses an empty body, signed as it may be', async () => {
    expect((await post('', shopifyHeaders('orders/paid', '', secret, 'e'))).status).toBe(400);
  });

  it('does not know another store', async () => {
    const headers = shopifyHeaders('orders/paid', order, secret, 'u');
    expect((await post(order, headers, 'store_01JD0000000000000000000000')).status).toBe(404);
  });

  it('never shows a secret again', async () => {
    const store = await run.request('GET', `/v1/stores/${storeId}`);
    expect(store.status).toBe(200);
    expect(JSON.stringify(store.body)).not.toContain(secret);
  });

  it('greets WooCommerce, and reads a shop of our own JSON, however large its delivery', async () => {
    const woo = await create(run, '/v1/stores', {
      name: 'PastaPro on WooCommerce',
      platform: 'woocommerce',
      currency: 'USD',
      secrets: ['woo'],
    });
    const greeting = await post(
      'webhook_id=7',
      { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      woo,
    );
    expect(greeting.status).toBe(200);

    const key = randomBytes(32);
    const own = await create(run, '/v1/stores', {
      name: 'PastaPro by hand',
      platform: 'custom',
      currency: 'USD',
      secrets: [`whsec_${key.toString('base64')}`],
    });
    const lines = Array.from({ length: 2_500 }, (_, index) => ({
      title: `Pasta ${String(index)} `.padEnd(450, '.'),
      quantity: 1,
      unitPrice: 200,
    }));
    const body = JSON.stringify({
      type: 'order.changed',
      order: { id: 'W-1', currency: 'USD', placedAt: at, updatedAt: at, paidAt: at, lines },
    });
    expect(body.length).toBeGreaterThan(1024 * 1024);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', key).update(`m-1.${timestamp}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'webhook-id': 'm-1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    for (const _ of [1, 2, 3]) expect((await post(body, headers, own)).status).toBe(200);
    await run.idle();
    const orders = await run.request('GET', `/v1/orders?storeId=${own}`);
    expect(orders.body).toMatchObject({
      items: [{ externalId: 'W-1', net: { amount: 500_000, currency: 'USD' } }],
    });
  });

  it('refuses a store whose secrets its platform would not sign with', async () => {
    const answer = await run.request('POST', '/v1/stores', {
      name: 'Payments',
      platform: 'stripe',
      currency: 'USD',
      secrets: ['sk_live_not_a_signing_secret'],
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: '/secrets/0' }] } });
  });

  it('has taken nothing of the refused in', async () => {
    await run.idle();
    expect(await values('wonRevenue,ordersCount')).toEqual({ wonRevenue: 17_800, ordersCount: 1 });
    expect(await run.deadLetters()).toEqual([]);
  });
});
