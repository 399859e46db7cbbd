import { describe, expect, it } from 'vitest';
import { folded, reads, snapshotIn, usd } from './webhooks.fixture.ts';

const order = (more: object = {}) => ({
  id: 9_007_199_254,
  number: '2041',
  status: 'processing',
  currency: 'USD',
  created_via: 'checkout',
  date_created: '2026-11-20T10:00:00',
  date_created_gmt: '2026-11-20T09:00:00',
  date_modified_gmt: '2026-11-20T09:05:00',
  date_paid_gmt: '2026-11-20T09:05:00',
  discount_total: '4.00',
  shipping_total: '12.50',
  total: '92.40',
  total_tax: '4.90',
  customer_id: 0,
  billing: {
    first_name: 'Giulia',
    last_name: 'Conti',
    company: 'Trattoria',
    email: 'GIULIA@trattoria.example',
  },
  meta_data: [],
  line_items: [
    {
      id: 1,
      name: 'Penne 500 g',
      sku: 'PEN-500',
      quantity: 40,
      subtotal: '74.00',
      total: '70.00',
      price: 1.75,
    },
  ],
  fee_lines: [{ id: 2, name: 'Pallet', total: '5.00' }],
  refunds: [],
  ...more,
});
const read = (more: object = {}, topic = 'order.updated') => reads('woocommerce', topic, order(more));

describe('an order of WooCommerce', () => {
  it('counts goods and fees as revenue, after discounts, without tax and shipping', () => {
    expect(snapshotIn(read())).toMatchObject({
      net: usd(7_500),
      discounts: usd(400),
      gross: usd(7_900),
      tax: usd(490),
      shipping: usd(1_250),
      total: usd(9_240),
      lines: [
        { sku: 'PEN-500', unitPrice: usd(185), discount: usd(400), net: usd(7_000) },
        { title: 'Pallet', net: usd(500) },
      ],
    });
  });

  it('of a guest has no customer’s id, and still an address', () => {
    const snapshot = snapshotIn(read());
    expect(snapshot).not.toHaveProperty('customerExternalId');
    expect(snapshot.customer).toMatchObject({ email: 'giulia@trattoria.example', company: 'Trattoria' });
  });

  it('takes a fee below zero for a discount', () => {
    const message = read({ fee_lines: [{ id: 2, name: 'Regular', total: '-5.00' }], total: '82.40' });
    expect(snapshotIn(message)).toMatchObject({ net: usd(6_500), discounts: usd(900), gross: usd(7_400) });
  });

  it.each([
    ['in seconds', [{ id: 1, key: '_date_paid', value: '1795165500' }], '2026-11-20T09:05:00.000Z'],
    [
      'in the shop’s own time',
      [{ id: 1, key: '_paid_date', value: '2026-11-20 10:05:00' }],
      '2026-11-20T09:05:00.000Z',
    ],
    ['nowhere', [{ id: 1, key: '_paid_date', value: { not: 'text' } }], undefined],
  ])('of an old version says %s when it was paid', (_, meta, paidAt) => {
    expect(snapshotIn(read({ date_paid_gmt: null, meta_data: meta })).paidAt).toBe(paidAt);
  });

  it('names its deal in its meta data', () => {
    const message = read({ meta_data: [{ id: 1, key: 'quotaline_deal', value: 'CRM-1180' }] });
    expect(snapshotIn(message).dealRef).toEqual({ externalId: 'CRM-1180' });
  });

  it('has its refunds taken off the goods in proportion, and dated by the change that told them first', () => {
    const later = {
      status: 'refunded',
      date_modified_gmt: '2026-11-22T09:00:00',
      refunds: [
        { id: 10, reason: '', total: '-46.20' },
        { id: 11, total: '-46.20' },
      ],
    };
    const first = { ...later, date_modified_gmt: '2026-11-21T09:00:00', refunds: later.refunds.slice(0, 1) };
    for (const messages of [
      [read(), read(first), read(later)],
      [read(later), read(first), read()],
    ]) {
      const [record] = folded('woocommerce', messages);
      expect(record?.refunds).toMatchObject([
        { externalId: '10', total: usd(4_620), net: usd(3_750), at: '2026-11-21T09:00:00.000Z' },
        { externalId: '11', total: usd(4_620), net: usd(3_750), at: '2026-11-22T09:00:00.000Z' },
      ]);
    }
  });

  it('is cancelled, deleted, or a draft that counts for nothing', () => {
    expect(snapshotIn(read({ status: 'cancelled' })).cancelledAt).toBe('2026-11-20T09:05:00.000Z');
    expect(reads('woocommerce', 'order.deleted', { id: 7 })).toEqual({
      kind: 'deletion',
      orderExternalId: '7',
    });
    expect(read({ status: 'checkout-draft' }).kind).toBe('irrelevant');
  });

  it('keeps every digit of ids that no number holds', () => {
    const text = JSON.stringify(order()).replace('9007199254', '9007199254740993001');
    expect(snapshotIn(reads('woocommerce', 'order.updated', text)).externalId).toBe('9007199254740993001');
  });

  it.each([
    [{ total: '92,40' }, '/total'],
    [{ currency: 'DOLLARS' }, '/currency'],
    [{ date_created_gmt: 'yesterday' }, '/date_created_gmt'],
    [
      { line_items: [{ id: 1, name: 'x', quantity: -1, subtotal: '1', total: '1' }] },
      '/line_items/0/quantity',
    ],
    [
      { line_items: [{ id: 1, name: 'x', quantity: 1, subtotal: '1', total: 'free' }] },
      '/line_items/0/total',
    ],
    [{ total: '9'.repeat(101) }, '/total'],
  ])('that is broken says where: %j', (more, path) => {
    expect(() => read(more)).toThrow(path);
  });
});
