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

  it('has taken nothing of the refused in', async () => {
    await run.idle();
    expect(await values('wonRevenue,ordersCount')).toEqual({ wonRevenue: 17_800, ordersCount: 1 });
    expect(await run.deadLetters()).toEqual([]);
  });
});
