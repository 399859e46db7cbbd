import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { seededRandom } from '../../infra/local/demo/pastapro.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { create, salesOrganization, type SalesOrganization } from '../support/sales-organization.ts';

const folder = (name: string) =>
  fileURLToPath(new URL(`../../../shared/data/webhooks/${name}`, import.meta.url));
const SECRET = 'shpss_quotaline_real_payloads';

/** `orders-create-1.json` came as `orders/create`; the partner events name other topics and count for nothing. */
const payloads = readdirSync(folder('shopify')).map((file) => ({
  file,
  topic: file.replace(/(-bigint)?-\d+\.json$/, '').replace('-', '/'),
  body: readFileSync(`${folder('shopify')}/${file}`),
}));

const Vector = z.object({
  platform: z.string(),
  secret: z.string(),
  body: z.string(),
  expected: z.string(),
  should_verify: z.boolean(),
  note: z.string(),
});
const vectors = z
  .array(z.object({ platform: z.string() }).loose())
  .parse(JSON.parse(readFileSync(folder('signatures.json'), 'utf8')))
  .filter((vector) => vector.platform === 'shopify')
  .map((vector) => Vector.parse(vector));

const Money = z.object({ amount: z.number(), currency: z.string() });
const Order = z.object({
  externalId: z.string(),
  number: z.string(),
  net: Money,
  total: Money,
  test: z.boolean(),
  deleted: z.boolean(),
  paidAt: z.string().optional(),
  cancelledAt: z.string().optional(),
  refunds: z.array(z.object({ externalId: z.string(), net: Money, at: z.string() })),
});
type Order = z.infer<typeof Order>;

describe('real Shopify payloads, each sent three times in random order', () => {
  let run: LocalRun;
  let sales: SalesOrganization;
  let storeId: string;
  let orders: ReadonlyMap<string, Order>;

  const send = (id: string, topic: string, body: Buffer, headers: Record<string, string>) =>
    fetch(`${run.url}/v1/webhooks/${id}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(topic !== '' && { 'x-shopify-topic': topic }),
        ...headers,
      },
      body: new Uint8Array(body),
    });
  const sign = (body: Buffer, secret = SECRET) => createHmac('sha256', secret).update(body).digest('base64');
  const order = (externalId: string): Order => {
    const found = orders.get(externalId);
    if (found === undefined) throw new Error(`no order ${externalId} among ${[...orders.keys()].join(', ')}`);
    return found;
  };

  beforeAll(async () => {
    run = await startLocalRun();
    // The paid ones are in Hong Kong dollars: reporting in them, the figures need no exchange rate.
    sales = await salesOrganization(run, { reportingCurrency: 'HKD' });
    storeId = await create(run, '/v1/stores', {
      name: 'Web shop',
      platform: 'shopify',
      currency: 'HKD',
      ownerId: sales.repId,
      secrets: [SECRET],
    });
    const random = seededRandom(508);
    const deliveries = [...payloads, ...payloads, ...payloads]
      .map((payload) => ({ ...payload, place: random() }))
      .sort((a, b) => a.place - b.place);
    for (const { file, topic, body } of deliveries) {
      const response = await send(storeId, topic, body, {
        'x-shopify-hmac-sha256': sign(body),
        'x-shopify-webhook-id': file,
        'x-shopify-triggered-at': '2025-02-01T00:00:00Z',
      });
      expect(response.status, file).toBe(200);
    }
    await run.idle(60);
    const list = await run.request('GET', `/v1/orders?storeId=${storeId}&limit=200`);
    const { items } = z.object({ items: z.array(Order) }).parse(list.body);
    expect(new Set(items.map((item) => item.externalId)).size).toBe(items.length);
    orders = new Map(items.map((item) => [item.externalId, item]));
  });
  afterAll(async () => {
    await run.stop();
  });

  it('makes every order once, with every digit of its id', () => {
    expect([...orders.keys()].sort()).toEqual(
      [
        '2998557704341',
        '6198424240428',
        '6198636642604',
        '6200354537772',
        '6200360403244',
        '820982911946154500',
        '820982911946154508',
      ].sort(),
    );
  });

  it.each([
    ['6198424240428', 'HKD', 38_400, 43_900],
    ['6200354537772', 'HKD', 29_400, 30_400],
    ['6200360403244', 'HKD', 28_400, 30_400],
    ['6198636642604', 'HKD', 10_000, 10_000],
    ['2998557704341', 'AUD', 4_495, 5_945],
    ['820982911946154508', 'USD', 38_800, 38_800],
  ])('keeps the money of %s to the cent in %s', (id, currency, net, total) => {
    expect(order(id)).toMatchObject({ net: { amount: net, currency }, total: { amount: total, currency } });
  });

  it('keeps the cancellation and the refund at their dates, and the deletion', () => {
    expect(order('820982911946154508')).toMatchObject({
      test: true,
      cancelledAt: '2022-01-01T00:00:00.000Z',
    });
    const deleted = order('820982911946154500');
    expect(deleted).toMatchObject({ deleted: true, cancelledAt: '2023-02-21T01:50:50.000Z' });
    expect(deleted.refunds).toHaveLength(1);
    expect(deleted.refunds[0]).toMatchObject({
      externalId: '890088186047892400',
      net: { amount: 3_199, currency: 'CAD' },
      at: '2025-02-01T00:00:00.000Z',
    });
  });

  it('counts the paid orders that are no tests, once each, for the store’s owner', async () => {
    for (const scope of ['org', `team:${sales.teamId}`, `rep:${sales.repId}`]) {
      const response = await run.request(
        'GET',
        `/v1/metrics?scope=${scope}&period=2025-01&kpis=wonRevenue,ordersCount,averageOrderValue`,
      );
      expect(response.body).toMatchObject({
        kpis: {
          wonRevenue: { value: 106_200 },
          ordersCount: { value: 4 },
          averageOrderValue: { numerator: 106_200, denominator: 4 },
        },
      });
    }
  });

  it.each(vectors.map((vector) => [vector.note, vector] as const))(
    'answers the signature vector "%s" as it should',
    async (_, vector) => {
      const rotating = vector.secret === 'old_secret' ? ['secret', vector.secret] : [vector.secret];
      const id = await create(run, '/v1/stores', {
        name: vector.note,
        platform: 'shopify',
        currency: 'USD',
        secrets: rotating,
      });
      const response = await send(id, '', Buffer.from(vector.body), {
        'x-shopify-hmac-sha256': vector.expected,
      });
      expect(response.status).toBe(vector.should_verify ? 200 : 401);
    },
  );

  it('leaves nothing in a dead-letter queue', async () => {
    await run.idle();
    expect(await run.deadLetters()).toEqual([]);
  });
});
