import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { seededRandom } from '../../infra/local/demo/pastapro.ts';
import { applyMessage, type OrderRecord, orderState } from '../../services/deals/domain/commerce/order.ts';
import {
  type Delivery,
  type OrderMessage,
  UnreadableDelivery,
} from '../../services/deals/domain/commerce/order-message.ts';
import { Platform, type ReceivedWebhook } from '../../services/deals/domain/commerce/platform.ts';
import { platforms } from '../../services/deals/domain/commerce/platforms.ts';
import { deliveryOfPartnerEvent } from '../../services/deals/domain/commerce/shopify-partner-event.ts';
import { anyMatches, hmacSha256 } from '../../services/deals/domain/commerce/signature.ts';
import type { OrderState } from '../../shared/events/deals.ts';
import { derivedId, OrderId, StoreId } from '../../shared/ids/id.ts';
import { Instant } from '../../shared/time/instant.ts';
import { bodyOf, folder, payloads, sendersAt } from './platform-senders.ts';

const now = '2026-11-23T09:30:00Z';
const senders = sendersAt(Date.parse(now));
const storeId = derivedId(StoreId, 'a shop');

/** A store of the platform, as the webhook and what follows treat it: checked, known again, read, folded into orders. */
class TestStore {
  readonly #platform: Platform;
  readonly #identities = new Set<string>();
  readonly orders = new Map<string, OrderRecord>();
  readonly seen = new Map<string, OrderMessage['kind'] | 'unreadable' | 'duplicate'>();
  readonly reasons: string[] = [];
  readonly fetches = new Set<string>();
  duplicates = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  receive(file: string, body: Buffer): void {
    const { secret, headers } = senders[this.#platform];
    const adapter = platforms[this.#platform];
    const webhook: ReceivedWebhook = {
      rawBody: body,
      headers: headers(file, body),
      receivedAt: Instant.parse(now),
    };
    expect(adapter.secretProblem(secret), file).toBeUndefined();
    expect(adapter.refusal(webhook, ['another-secret', secret]), file).toBeUndefined();
    const { identity, topic, triggeredAt } = adapter.factsOf(webhook);
    if (this.#identities.has(identity)) {
      this.duplicates += 1;
      return;
    }
    this.#identities.add(identity);
    this.read(file, { topic, triggeredAt, body: body.toString('utf8') });
  }

  read(file: string, delivery: Delivery): void {
    try {
      const message = platforms[this.#platform].read(delivery);
      this.seen.set(file, message.kind);
      this.take(message, delivery.triggeredAt);
    } catch (error) {
      if (!(error instanceof UnreadableDelivery)) throw error;
      this.seen.set(file, 'unreadable');
      this.reasons.push(error.message);
    }
  }

  take(message: OrderMessage, triggeredAt: Instant): void {
    if (message.kind === 'fetch') this.fetches.add(message.orderExternalId);
    if (message.kind === 'irrelevant' || message.kind === 'fetch') return;
    const externalId = message.kind === 'snapshot' ? message.snapshot.externalId : message.orderExternalId;
    const before: OrderRecord = this.orders.get(externalId) ?? {
      id: derivedId(OrderId, storeId, externalId),
      storeId,
      platform: this.#platform,
      externalId,
      refunds: [],
      deleted: false,
      productIds: {},
    };
    this.orders.set(externalId, applyMessage(before, message, triggeredAt));
  }

  /** Orders as they are shown; those known by a refund or a deletion alone are none yet. */
  get states(): ReadonlyMap<string, OrderState> {
    return new Map(
      [...this.orders].flatMap(([id, record]) => {
        const state = orderState(record);
        return state === undefined ? [] : [[id, state] as const];
      }),
    );
  }
}

/** Each payload three times, in an order that the seed decides. */
const received = (platform: Platform, seed: number, files = payloads(platform)): TestStore => {
  const store = new TestStore(platform);
  const random = seededRandom(seed);
  const shuffled = [...files, ...files, ...files]
    .map((payload) => ({ ...payload, place: random() }))
    .sort((a, b) => a.place - b.place);
  for (const { file, body } of shuffled) store.receive(file, body);
  return store;
};

const money = (amount: number, currency: string) => ({ amount, currency });

describe('real payloads of every platform, each three times in random order', () => {
  it.each(['shopify', 'woocommerce', 'bigcommerce', 'stripe', 'medusa', 'saleor'] as const)(
    'of %s end alike in every order of arrival, and repetitions are known',
    (platform) => {
      const once = received(platform, 1);
      for (const seed of [2, 3, 4, 5, 6]) expect(received(platform, seed).states).toEqual(once.states);
      expect(once.duplicates).toBeGreaterThanOrEqual(2 * payloads(platform).length);
    },
  );

  it.each([
    ['woocommerce', '727', { net: money(1_800, 'USD'), tax: money(135, 'USD'), total: money(2_935, 'USD') }],
    [
      'stripe',
      'pi_000000000000000000000000',
      { net: money(2_000, 'USD'), total: money(2_000, 'USD'), test: true },
    ],
    ['stripe', 'in_1MhUT5E0b6fckueSfPlY05Fw', { net: money(0, 'USD'), total: money(0, 'USD'), test: true }],
    ['medusa', 'order_01ABC123', { net: money(150_000, 'KWD'), total: money(151_000, 'KWD') }],
    [
      'saleor',
      'T3JkZXI6NjE4NmMyYTAtMjM3MS00ZGRkLWI0YmEtMzQ0OWE3MjZmYjI4',
      { net: money(199, 'USD'), total: money(199, 'USD') },
    ],
    ['shopify', '6198424240428', { net: money(38_400, 'HKD'), total: money(43_900, 'HKD') }],
    ['shopify', '820982911946154508', { net: money(38_800, 'USD'), test: true }],
  ] as const)('of %s give order %s its money', (platform, id, expected) => {
    expect(received(platform, 7).states.get(id)).toMatchObject(expected);
  });

  it.each([
    ['woocommerce', 1],
    ['stripe', 2],
    ['medusa', 1],
    ['saleor', 1],
    ['shopify', 7],
  ] as const)('of %s make %i orders, each once', (platform, count) => {
    expect(received(platform, 8).states.size).toBe(count);
  });

  it('of WooCommerce keep the newest state and when it was paid', () => {
    expect(received('woocommerce', 9).states.get('727')).toMatchObject({
      platformUpdatedAt: '2017-03-22T19:30:35.000Z',
      paidAt: '2017-03-22T19:28:08.000Z',
    });
  });

  it('of WooCommerce make no refund of a resource that no webhook sends', () => {
    const { seen, orders } = received('woocommerce', 9);
    expect([...seen].filter(([file]) => file.startsWith('order-refund')).map(([, kind]) => kind)).toEqual([
      'irrelevant',
    ]);
    expect(orders.get('727')?.refunds).toEqual([]);
  });

  it('of Stripe remember a refund whose payment has not come', () => {
    expect(received('stripe', 10).orders.get('ch_000000000000000000000000')?.refunds).toMatchObject([
      { externalId: 're_000000000000000000000000', total: money(100, 'USD') },
    ]);
  });

  it.each([
    ['woocommerce', ['coupon-created-1.json', 'product-updated-1.json']],
    ['stripe', ['checkout-session-completed-1.json', 'payment_link-created-1.json']],
    ['bigcommerce', ['order-v2-resource-1.json', 'store-cart-converted-1.json']],
    ['shopify', ['order_transactions-create-1.json', 'orders-edited-1.json']],
  ] as const)(
    'of %s are accepted, and count for nothing, where no order depends on them',
    (platform, files) => {
      const { seen } = received(platform, 11);
      for (const file of files) expect(seen.get(file), file).toBe('irrelevant');
    },
  );

  it('of a platform that is none of ours are kept, with what is wrong with them', () => {
    const store = received('custom', 12, payloads('adobe-commerce'));
    expect([...store.seen.values()]).toEqual(['unreadable']);
    expect(store.reasons.join()).toContain('/type');
    expect(store.orders.size).toBe(0);
  });

  it('are kept with the place that broke, whatever is missing of them', () => {
    const cut = bodyOf('woocommerce', 'order-created-1.json')
      .toString()
      .replace('"total": "29.35"', '"total": "29,35"');
    const store = received('woocommerce', 13, [{ file: 'order-created-1.json', body: Buffer.from(cut) }]);
    expect(store.reasons.join()).toContain('/total');
    for (const text of ['', '{', '[]', 'null', '"text"', '{"id":{}}']) {
      const broken = new TestStore('woocommerce');
      broken.read('x', { topic: 'order.updated', triggeredAt: Instant.parse(now), body: text });
      expect(broken.seen.get('x'), text).toBe('unreadable');
    }
  });
});

describe('BigCommerce’s thin events', () => {
  it('name each order that is to be fetched once', () => {
    expect([...received('bigcommerce', 14).fetches].sort()).toEqual(['127', '250']);
  });

  it('become an order by what its API answers', () => {
    const order = bodyOf('bigcommerce', 'order-v2-resource-1.json').toString();
    expect(platforms.bigcommerce.orderOf?.({ order })).toMatchObject({
      kind: 'snapshot',
      snapshot: {
        externalId: '100',
        net: money(33_632, 'USD'),
        total: money(36_195, 'USD'),
        placedAt: '2018-01-10T21:05:30.000Z',
        updatedAt: '2018-12-05T20:16:55.000Z',
      },
    });
  });

  it('are not paid while the payment is only authorized', () => {
    const order = bodyOf('bigcommerce', 'order-v2-resource-1.json').toString();
    const message = platforms.bigcommerce.orderOf?.({ order });
    expect(message).not.toHaveProperty('snapshot.paidAt');
  });
});

describe('Shopify’s partner events', () => {
  const events = payloads('shopify').filter(({ file }) => file.startsWith('eventbridge'));

  it('of the classic shape tell what the webhook would have told', () => {
    const event = events.find(({ file }) => file.includes('products'));
    const delivery = deliveryOfPartnerEvent(event?.body.toString() ?? '');
    expect(delivery).toMatchObject({ topic: 'products/update', triggeredAt: expect.any(String) as string });
    expect(delivery.body).toContain('10231453024539');
    expect(platforms.shopify.read(delivery)).toMatchObject({ kind: 'irrelevant' });
  });

  it('of the newer shape have an order fetched that the app may not see', () => {
    const event = events.find(({ file }) => file.includes('order-update'));
    const delivery = deliveryOfPartnerEvent(event?.body.toString() ?? '');
    expect(delivery).toMatchObject({
      topic: 'Order/update',
      identity: 'c00b3a6e-ce90-34a5-a80d-2eddf238d458',
      triggeredAt: '2026-09-26T17:52:55.805Z',
      shopDomain: 'test-shop.myshopify.com',
    });
    expect(platforms.shopify.read(delivery)).toEqual({ kind: 'fetch', orderExternalId: '18906468024599' });
  });
});

const Vector = z.object({
  platform: z.string(),
  header: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  header_value: z.string().optional(),
  secret: z.string(),
  body: z.string(),
  payload: z.string().optional(),
  timestamp: z.int().optional(),
  expected: z.string(),
  encoding: z.string(),
  should_verify: z.boolean(),
  note: z.string(),
});
type Vector = z.infer<typeof Vector>;

describe('the platforms’ own signature vectors', () => {
  let vectors: readonly Vector[];
  beforeAll(() => {
    vectors = z.array(Vector).parse(JSON.parse(readFileSync(folder('signatures.json'), 'utf8')));
  });

  /** Old ones are checked at their own time. */
  const verified = (vector: Vector): boolean => {
    if (vector.header.startsWith('(raw'))
      return anyMatches([Buffer.from(vector.expected, 'hex')], [hmacSha256(vector.secret, vector.body)]);
    const platform = Platform.parse(vector.platform.split(' ')[0]);
    const at = vector.timestamp ?? Number(vector.headers?.['webhook-timestamp'] ?? 0);
    const webhook: ReceivedWebhook = {
      rawBody: Buffer.from(vector.payload ?? vector.body),
      headers: vector.headers ?? { [vector.header.toLowerCase()]: vector.header_value ?? vector.expected },
      receivedAt: Instant.parse(new Date(at * 1000).toISOString()),
    };
    return platforms[platform].refusal(webhook, ['first', vector.secret]) === undefined;
  };

  it('answer as they say', () => {
    expect(vectors.length).toBeGreaterThan(9);
    for (const vector of vectors) {
      expect(verified(vector), `${vector.platform}: ${vector.note}`).toBe(vector.should_verify);
    }
  });

  it('answer no once a byte of the body is another', () => {
    for (const vector of vectors) {
      const changed = { ...vector, body: `${vector.body} `, payload: `${vector.payload ?? vector.body} ` };
      expect(verified(changed), vector.platform).toBe(false);
    }
  });

  it('answer no an hour later, where the signature has a time', () => {
    const timed = vectors.filter(
      ({ timestamp, headers }) => timestamp !== undefined || headers !== undefined,
    );
    for (const vector of timed) {
      const platform = Platform.parse(vector.platform.split(' ')[0]);
      const refusal = platforms[platform].refusal(
        {
          rawBody: Buffer.from(vector.payload ?? vector.body),
          headers: vector.headers ?? { 'stripe-signature': vector.header_value },
          receivedAt: Instant.parse(now),
        },
        [vector.secret],
      );
      expect(refusal).toContain('five minutes');
    }
  });
});
