import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { seededRandom } from '../../infra/local/demo/pastapro.ts';
import type { Platform } from '../../services/deals/domain/commerce/platform.ts';
import { type LocalRun, startLocalRun } from '../support/local-run.ts';
import { create } from '../support/sales-organization.ts';
import { bodyOf, payloads, sendersAt } from './platform-senders.ts';

const Money = z.object({ amount: z.int(), currency: z.string() });
const Orders = z.object({
  items: z.array(z.object({ externalId: z.string(), net: Money, total: Money, test: z.boolean() })),
});
const money = (amount: number, currency: string) => ({ amount, currency });
const order = (externalId: string, net: number, total: number, currency: string, test = false) => ({
  ...{ externalId, net: money(net, currency), total: money(total, currency), test },
});

/** Beside Shopify’s, which have a test of their own. */
const expected: Readonly<Partial<Record<Platform, readonly unknown[]>>> = {
  woocommerce: [order('727', 1_800, 2_935, 'USD')],
  stripe: [
    order('in_1MhUT5E0b6fckueSfPlY05Fw', 0, 0, 'USD', true),
    order('pi_000000000000000000000000', 2_000, 2_000, 'USD', true),
  ],
  medusa: [order('order_01ABC123', 150_000, 151_000, 'KWD')],
  saleor: [order('T3JkZXI6NjE4NmMyYTAtMjM3MS00ZGRkLWI0YmEtMzQ0OWE3MjZmYjI4', 199, 199, 'USD')],
  // What its API answers is the one resource, under the ids that the events name.
  bigcommerce: [order('127', 33_632, 36_195, 'USD'), order('250', 33_632, 36_195, 'USD')],
};
const platforms = Object.keys(expected) as Platform[];

describe('real payloads of every platform, each sent three times in random order to the running system', () => {
  let run: LocalRun;
  const stores = new Map<Platform, string>();
  const api = createServer(({ url = '' }, response) => {
    const [, id] = /\/v2\/orders\/(\d+)$/.exec(url) ?? [];
    if (id === undefined) return response.writeHead(204).end();
    const resource = JSON.parse(bodyOf('bigcommerce', 'order-v2-resource-1.json').toString()) as object;
    return response.writeHead(200).end(JSON.stringify({ ...resource, id: Number(id) }));
  });

  const send = async (platform: Platform, file: string, body: Buffer, storeId: string) => {
    const headers = {
      'content-type': 'application/json',
      ...sendersAt(Date.now())[platform].headers(file, body),
    };
    return (
      await fetch(`${run.url}/v1/webhooks/${storeId}`, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
      })
    ).status;
  };
  const connected = async (platform: Platform, more: object = {}): Promise<string> =>
    create(run, '/v1/stores', {
      ...{ name: platform, platform, currency: 'USD', secrets: [sendersAt(0)[platform].secret] },
      ...more,
    });

  beforeAll(async () => {
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    run = await startLocalRun();
    const url = `http://127.0.0.1:${String((api.address() as AddressInfo).port)}`;
    const random = seededRandom(5);
    for (const platform of platforms) {
      const access = { api: { url, storeHash: 'abc', accessToken: 'token' } };
      const storeId = await connected(platform, platform === 'bigcommerce' ? access : {});
      stores.set(platform, storeId);
      const files = payloads(platform);
      const shuffled = [...files, ...files, ...files]
        .map((payload) => ({ ...payload, place: random() }))
        .sort((a, b) => a.place - b.place);
      for (const { file, body } of shuffled)
        expect(await send(platform, file, body, storeId), file).toBe(200);
    }
    await run.idle();
  });
  afterAll(async () => {
    api.close();
    await run.stop();
  });

  it.each(platforms)('of %s make each order once, with the right money', async (platform) => {
    const { body } = await run.request('GET', `/v1/orders?storeId=${stores.get(platform) ?? ''}`);
    const found = Orders.parse(body).items.toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));
    expect(found).toEqual(expected[platform]);
  });

  it.each(platforms)(
    'of %s are counted, those that no order depends on and repetitions, too',
    async (platform) => {
      const { body } = await run.request('GET', `/v1/stores/${stores.get(platform) ?? ''}/health`);
      const { days, kept } = z
        .object({
          kept: z.int(),
          days: z.array(
            z.object({ received: z.int(), duplicates: z.int(), processed: z.int(), irrelevant: z.int() }),
          ),
        })
        .parse(body);
      const sum = days.reduce((all, day) => all + day.received + day.duplicates, 0);
      const done = days.reduce((all, day) => all + day.processed + day.irrelevant, 0);
      const received = days.reduce((all, day) => all + day.received, 0);
      expect(sum).toBe(3 * payloads(platform).length);
      expect(done + kept).toBe(received);
    },
  );

  it('are kept where they are none of ours, visible, and can be replayed', async () => {
    const storeId = await connected('custom');
    const [payload] = payloads('adobe-commerce');
    if (payload === undefined) throw new Error('no payload');
    expect(await send('custom', payload.file, payload.body, storeId)).toBe(200);
    await run.idle();
    const kept = await run.request('GET', `/v1/stores/${storeId}/deliveries`);
    expect(kept.body).toMatchObject({ items: [{ note: expect.stringContaining('/type') as string }] });
    const replay = await run.request('POST', `/v1/stores/${storeId}/replays`, {});
    const { id } = z.object({ id: z.string() }).parse(replay.body);
    await run.idle();
    expect((await run.request('GET', `/v1/stores/${storeId}/replays/${id}`)).body).toMatchObject({
      replayed: 1,
    });
  });
});
