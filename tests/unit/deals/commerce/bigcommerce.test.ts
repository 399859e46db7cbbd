import { describe, expect, it } from 'vitest';
import { platforms } from '../../../../services/deals/domain/commerce/platforms.ts';
import type { OrderAnswers } from '../../../../services/deals/domain/commerce/platform.ts';
import { reads, snapshotIn, usd } from './webhooks.fixture.ts';

const resource = (more: object = {}) =>
  JSON.stringify({
    id: 250,
    customer_id: 20,
    date_created: 'Fri, 20 Nov 2026 09:00:00 +0000',
    date_modified: 'Fri, 20 Nov 2026 09:10:00 +0000',
    status_id: 11,
    subtotal_ex_tax: '78.0000',
    shipping_cost_ex_tax: '12.5000',
    handling_cost_ex_tax: '1.0000',
    wrapping_cost_ex_tax: '0.0000',
    discount_amount: '3.0000',
    coupon_discount: '1.0000',
    total_inc_tax: '92.5000',
    refunded_amount: '0.0000',
    payment_status: 'captured',
    payment_method: 'Credit Card',
    currency_code: 'USD',
    is_deleted: false,
    order_source: 'www',
    staff_notes: 'Call first. quotaline_deal: CRM-1180',
    billing_address: {
      first_name: 'Giulia',
      last_name: 'Conti',
      company: 'Trattoria',
      email: 'g@trattoria.example',
    },
    ...more,
  });
const products = JSON.stringify([
  {
    id: 1,
    name: 'Penne',
    sku: 'PEN-500',
    quantity: 40,
    price_ex_tax: '1.9500',
    total_ex_tax: '78.0000',
    applied_discounts: [{ id: 'c', amount: '1.0000' }],
  },
]);
const read = (answers: OrderAnswers) => {
  const { orderOf } = platforms.bigcommerce;
  if (orderOf === undefined) throw new Error('it has to fetch');
  return orderOf(answers);
};

describe('BigCommerce’s events', () => {
  it.each([
    ['store/order/created', { data: { type: 'order', id: 250 } }],
    ['store/order/statusUpdated', { data: { type: 'order', id: 250, status: {} } }],
    ['store/channel/1/order/updated', { data: { order_id: 250 } }],
    [
      'store/order/transaction/created',
      { data: { type: 'transaction', order_id: 250, transaction_id: '1' } },
    ],
    ['store/order/refund/created', { data: { type: 'refund', id: 250 } }],
  ])('such as %s have the order fetched', (topic, payload) => {
    expect(reads('bigcommerce', topic, payload)).toEqual({ kind: 'fetch', orderExternalId: '250' });
  });

  it.each(['store/cart/converted', 'store/product/updated', ''])(
    'such as “%s” count for nothing',
    (topic) => {
      expect(reads('bigcommerce', topic, { data: { id: 1 } }).kind).toBe('irrelevant');
    },
  );

  it('without an order are unreadable', () => {
    expect(() => reads('bigcommerce', 'store/order/created', { data: { type: 'order' } })).toThrow(
      '/data/id',
    );
  });
});

describe('an order that BigCommerce’s API answers', () => {
  it('counts goods after discounts, and its parts add up to its total', () => {
    expect(snapshotIn(read({ order: resource(), products }))).toMatchObject({
      externalId: '250',
      net: usd(7_400),
      discounts: usd(400),
      gross: usd(7_800),
      shipping: usd(1_350),
      tax: usd(500),
      total: usd(9_250),
      paidAt: '2026-11-20T09:00:00.000Z',
      customerExternalId: '20',
      dealRef: { externalId: 'CRM-1180' },
      lines: [{ sku: 'PEN-500', quantity: 40, unitPrice: usd(195), discount: usd(100), net: usd(7_700) }],
    });
  });

  it.each([
    ['captured', 11, true],
    ['authorized', 11, false],
    ['', 11, true],
    ['', 7, false],
    ['declined', 6, false],
    ['partially refunded', 14, true],
  ])('with payment “%s” and state %i is paid: %s', (status, id, paid) => {
    const message = read({ order: resource({ payment_status: status, status_id: id }) });
    expect(snapshotIn(message).paidAt !== undefined).toBe(paid);
  });

  it('takes tax and shipping out of what was given back', () => {
    const refunds = JSON.stringify({
      data: [
        {
          id: 5,
          created: '2026-11-21T09:00:00Z',
          total_amount: 33.5,
          total_tax: 1,
          items: [
            { item_type: 'PRODUCT', requested_amount: 20 },
            { item_type: 'SHIPPING', requested_amount: 12.5 },
          ],
        },
        {
          id: 6,
          created: '2026-11-22T09:00:00Z',
          total_amount: 10,
          items: [{ item_type: 'ORDER', requested_amount: 10 }],
        },
      ],
      meta: {},
    });
    expect(read({ order: resource({ refunded_amount: '43.5000' }), refunds })).toMatchObject({
      refunds: [
        { externalId: '5', total: usd(3_350), net: usd(2_000), at: '2026-11-21T09:00:00.000Z' },
        { externalId: '6', total: usd(1_000), netIsShare: true },
      ],
    });
  });

  it('is unreadable rather than without the refunds that it speaks of', () => {
    expect(() => read({ order: resource({ refunded_amount: '5.0000' }) })).toThrow('/refunded_amount');
  });

  it('is deleted, a test, or garbage', () => {
    expect(read({ order: resource({ is_deleted: true }) })).toEqual({
      kind: 'deletion',
      orderExternalId: '250',
    });
    const test = read({ order: resource({ payment_method: 'Test Payment Gateway' }), products: '' });
    expect(snapshotIn(test)).toMatchObject({ test: true, lines: [] });
    for (const order of ['<html>Bad gateway</html>', '[]', '{}', resource({ date_created: 'soon' })])
      expect(() => read({ order })).toThrow();
  });
});
