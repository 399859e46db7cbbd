import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { shopifyOrder, shopifyRefund } from '../../../../infra/local/demo/shopify-order.ts';
import {
  applyMessage,
  orderState,
  type OrderRecord,
} from '../../../../services/deals/domain/commerce/order.ts';
import type { Delivery } from '../../../../services/deals/domain/commerce/order-message.ts';
import { readShopify } from '../../../../services/deals/domain/commerce/shopify.ts';
import { OrderState } from '../../../../shared/events/deals.ts';
import { derivedId, OrderId, StoreId } from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';

const ORDER = '820982911946154508';
const penne = { sku: 'PEN-500', title: 'Penne 500 g', quantity: 40, price: '1.85' };

const delivery = (topic: string, body: string, triggeredAt: string): Delivery => ({
  topic,
  body,
  triggeredAt: Instant.parse(triggeredAt),
});

const placed = delivery(
  'orders/create',
  shopifyOrder({
    id: ORDER,
    number: 1001,
    at: '2026-10-05T09:00:00-04:00',
    lines: [penne],
    financialStatus: 'pending',
  }),
  '2026-10-05T13:00:01Z',
);
const paid = delivery(
  'orders/paid',
  shopifyOrder({
    id: ORDER,
    number: 1001,
    at: '2026-10-05T09:00:00-04:00',
    updatedAt: '2026-10-05T09:05:00-04:00',
    lines: [penne],
    shipping: '12.50',
  }),
  '2026-10-05T13:05:01Z',
);
const refunded = delivery(
  'refunds/create',
  shopifyRefund({ id: '890088186047892319', orderId: ORDER, at: '2026-10-09T10:00:00Z', amount: '18.50' }),
  '2026-10-09T10:00:01Z',
);
const cancelled = delivery(
  'orders/cancelled',
  shopifyOrder({
    id: ORDER,
    number: 1001,
    at: '2026-10-05T09:00:00-04:00',
    updatedAt: '2026-10-12T08:00:00Z',
    cancelledAt: '2026-10-12T08:00:00Z',
    lines: [penne],
    shipping: '12.50',
  }),
  '2026-10-12T08:00:01Z',
);
const deleted = delivery('orders/delete', `{"id": ${ORDER}}`, '2026-10-20T08:00:00Z');
const everything = [placed, paid, refunded, cancelled, deleted];

const storeId = derivedId(StoreId, 'pastapro.example');
const empty: OrderRecord = {
  id: derivedId(OrderId, storeId, ORDER),
  storeId,
  platform: 'shopify',
  externalId: ORDER,
  refunds: [],
  deleted: false,
  productIds: {},
};
const after = (deliveries: readonly Delivery[]): OrderRecord =>
  deliveries.reduce((record, each) => applyMessage(record, readShopify(each), each.triggeredAt), empty);

describe('an order put together from its deliveries', () => {
  it('keeps ids above 2^53 to the last digit', () => {
    expect(readShopify(placed)).toMatchObject({ kind: 'snapshot', snapshot: { externalId: ORDER } });
    expect(readShopify(refunded)).toMatchObject({ kind: 'refund', orderExternalId: ORDER });
    expect(readShopify(deleted)).toEqual({ kind: 'deletion', orderExternalId: ORDER });
  });

  it('counts goods as revenue, and shipping not', () => {
    expect(orderState(after([paid]))).toMatchObject({
      gross: { amount: 7400, currency: 'USD' },
      net: { amount: 7400 },
      shipping: { amount: 1250 },
      total: { amount: 8650 },
      paidAt: '2026-10-05T13:00:00.000Z',
    });
  });

  it('is not paid while its payment is pending', () => {
    expect(orderState(after([placed]))).not.toHaveProperty('paidAt');
  });

  it('lets the platform’s time of update decide, not the order of arrival', () => {
    expect(orderState(after([paid, placed]))).toEqual(orderState(after([placed, paid])));
  });

  it('is unknown while only its refund has arrived, and has it once the order comes', () => {
    const early = after([refunded]);
    expect(orderState(early)).toBeUndefined();
    expect(orderState(after([refunded, paid]))?.refunds).toMatchObject([
      { net: { amount: 1850, currency: 'USD' }, at: '2026-10-09T10:00:00.000Z' },
    ]);
  });

  it('stays deleted when an older delivery comes after the deletion', () => {
    expect(orderState(after([deleted, paid]))).toMatchObject({ deleted: true });
  });

  it('is made by an update or a cancellation that comes first', () => {
    expect(orderState(after([cancelled]))).toMatchObject({
      number: '#1001',
      cancelledAt: '2026-10-12T08:00:00.000Z',
    });
  });

  it('is the same object after a delivery that tells nothing new', () => {
    const record = after(everything);
    for (const each of everything) {
      expect(applyMessage(record, readShopify(each), each.triggeredAt)).toBe(record);
    }
  });

  it('answers in the shape that its event promises', () => {
    expect(() => OrderState.parse(orderState(after([placed, paid, refunded])))).not.toThrow();
  });

  it('keeps who ordered to itself, and out of what events tell', () => {
    const message = readShopify(paid);
    if (message.kind !== 'snapshot') throw new Error('no snapshot');
    const customer = { email: 'giulia@trattoria.example', name: 'Giulia Conti' };
    const snapshot = { ...message.snapshot, customer, dealRef: { externalId: 'D-7' }, accountRef: 'A-1' };
    const record = applyMessage(empty, { ...message, snapshot }, paid.triggeredAt);
    expect(record.snapshot).toMatchObject({ customer, dealRef: { externalId: 'D-7' }, accountRef: 'A-1' });
    expect(JSON.stringify(orderState(record))).not.toMatch(/giulia|dealRef|accountRef/i);
  });

  it('is not changed by news that the platform is yet to be asked about', () => {
    const record = after(everything);
    expect(applyMessage(record, { kind: 'fetch', orderExternalId: ORDER }, paid.triggeredAt)).toBe(record);
  });

  it('lets a repeated delivery be later than another state of the same time of update', () => {
    const other = delivery('orders/updated', paid.body.replace('web', 'pos'), '2026-10-05T13:06:00Z');
    const repeated = { ...paid, triggeredAt: Instant.parse('2026-10-05T13:07:00Z') };
    expect(orderState(after([paid, repeated, other]))).toEqual(orderState(after([paid, other, repeated])));
  });

  test.prop([fc.shuffledSubarray([...everything, ...everything, ...everything], { minLength: 15 })])(
    'ends alike whatever the order and however often each delivery comes',
    (deliveries) => {
      expect(orderState(after(deliveries))).toEqual(orderState(after(everything)));
    },
  );
});

describe('deliveries that are no orders', () => {
  it.each(['products/update', 'orders/edited', 'order_transactions/create', ''])(
    'leaves %j alone',
    (topic) => {
      expect(readShopify(delivery(topic, '{"foo": "bar"}', '2026-10-05T13:00:00Z'))).toMatchObject({
        kind: 'irrelevant',
      });
    },
  );

  it.each([
    ['not JSON', 'foo=anything'],
    ['an order without an amount', '{"id": 1, "name": "#1"}'],
    ['an empty body', ''],
    [
      'an amount with more decimals than its currency has',
      shopifyOrder({
        id: ORDER,
        number: 1001,
        at: '2026-10-05T09:00:00Z',
        lines: [{ ...penne, price: '1.855' }],
      }).replaceAll(/("(?:price|subtotal_price|total_line_items_price)":\s*")[^"]*"/g, '$11.855"'),
    ],
  ])('says that it cannot read %s', (_, body) => {
    expect(() => readShopify(delivery('orders/create', body, '2026-10-05T13:00:00Z'))).toThrow(
      expect.objectContaining({ name: 'UnreadableDelivery' }),
    );
  });
});
