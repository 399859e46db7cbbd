import { describe, expect, it } from 'vitest';
import { platforms } from '../../../../services/deals/domain/commerce/platforms.ts';
import { NOW, reads, snapshotIn, usd, webhook } from './webhooks.fixture.ts';

const medusaOrder = (more: object = {}) => ({
  id: 'order_01',
  display_id: 2041,
  email: 'g@trattoria.example',
  currency_code: 'usd',
  payment_status: 'captured',
  created_at: '2026-11-20T09:00:00Z',
  updated_at: '2026-11-20T09:05:00Z',
  items: [{ id: 'item_1', title: 'Penne', variant: { sku: 'PEN-500' }, quantity: 40, unit_price: 185 }],
  subtotal: 7_400,
  discount_total: 400,
  shipping_total: 1_250,
  tax_total: 490,
  total: 8_740,
  refunds: [{ id: 'ref_1', amount: 874, created_at: '2026-11-21T09:00:00Z' }],
  metadata: { quotaline_deal: 'deal_01JD0000000000000000000000' },
  ...more,
});

describe('an order of Medusa', () => {
  it('of version 1 is in minor units', () => {
    expect(reads('medusa', 'order.placed', { event: 'order.placed', data: medusaOrder() })).toMatchObject({
      snapshot: {
        number: '2041',
        gross: usd(7_400),
        discounts: usd(400),
        net: usd(7_000),
        shipping: usd(1_250),
        tax: usd(490),
        total: usd(8_740),
        paidAt: '2026-11-20T09:00:00.000Z',
        dealRef: { id: 'deal_01JD0000000000000000000000' },
        lines: [{ sku: 'PEN-500', unitPrice: usd(185), net: usd(7_400) }],
      },
      refunds: [{ externalId: 'ref_1', total: usd(874), netIsShare: true }],
    });
  });

  it('of version 2 is in major units, as its raw amounts say', () => {
    const raw = (value: string) => ({ value, precision: 20 });
    const data = medusaOrder({
      items: [{ id: 'item_1', title: 'Penne', quantity: 40, unit_price: 1.85, raw_unit_price: raw('1.85') }],
      item_subtotal: 74,
      raw_item_subtotal: raw('74'),
      subtotal: 86.5,
      raw_subtotal: raw('86.5'),
      discount_total: 4,
      raw_discount_total: raw('4'),
      shipping_total: 12.5,
      raw_shipping_total: raw('12.5'),
      tax_total: 4.9,
      raw_tax_total: raw('4.9'),
      total: 87.4,
      raw_total: raw('87.4'),
      refunds: [],
    });
    expect(snapshotIn(reads('medusa', 'order.updated', { data }))).toMatchObject({
      net: usd(7_000),
      tax: usd(490),
      shipping: usd(1_250),
      total: usd(8_740),
      lines: [{ unitPrice: usd(185) }],
    });
  });

  it('that may be of either version is not taken for a hundredth of what it was', () => {
    expect(() => reads('medusa', 'order.placed', { data: medusaOrder({ total: 87.4 }) })).toThrow(
      '/data/total',
    );
  });

  it('of which no more than the id is told is to be fetched', () => {
    expect(reads('medusa', 'order.placed', { data: { id: 'order_01' } })).toEqual({
      kind: 'fetch',
      orderExternalId: 'order_01',
    });
  });

  it('is cancelled at its time, and other events count for nothing', () => {
    const data = medusaOrder({ canceled_at: '2026-11-22T09:00:00Z' });
    expect(snapshotIn(reads('medusa', 'order.canceled', { data })).cancelledAt).toBe(
      '2026-11-22T09:00:00.000Z',
    );
    expect(reads('medusa', 'customer.created', { data: { id: 'cus_1' } }).kind).toBe('irrelevant');
  });

  it('says when it happened where the payload has no time of its own', () => {
    const { triggeredAt } = platforms.medusa.factsOf(
      webhook('{"event":"order.placed","timestamp":"2026-11-20T09:00:00Z"}'),
    );
    expect(triggeredAt).toBe('2026-11-20T09:00:00.000Z');
  });
});

const amount = (value: number) => ({ amount: value, currency: 'USD' });
const taxed = (gross: number, net: number) => ({ gross: amount(gross), net: amount(net) });
const saleorOrder = (more: object = {}) => ({
  id: 'T3JkZXI6MQ==',
  number: '2041',
  created: '2026-11-20T09:00:00.123456+00:00',
  updatedAt: '2026-11-20T09:05:00+00:00',
  status: 'UNFULFILLED',
  paymentStatus: 'FULLY_CHARGED',
  total: taxed(87.4, 82.5),
  shippingPrice: taxed(12.5, 12.5),
  discounts: [{ amount: amount(4) }],
  lines: [
    {
      id: 'TGluZTox',
      productName: 'Penne',
      productSku: 'PEN-500',
      quantity: 40,
      unitPrice: taxed(1.87, 1.75),
      undiscountedUnitPrice: taxed(1.98, 1.85),
      totalPrice: taxed(74.9, 70),
    },
  ],
  user: { id: 'VXNlcjox', email: 'g@trattoria.example', firstName: 'Giulia', lastName: 'Conti' },
  metadata: [{ key: 'quotaline_account', value: 'A-31' }],
  ...more,
});

describe('an order of Saleor', () => {
  it('counts what is paid for goods without tax', () => {
    expect(snapshotIn(reads('saleor', 'order_updated', { order: saleorOrder() }))).toMatchObject({
      net: usd(7_000),
      discounts: usd(400),
      tax: usd(490),
      shipping: usd(1_250),
      total: usd(8_740),
      placedAt: '2026-11-20T09:00:00.123Z',
      paidAt: '2026-11-20T09:00:00.123Z',
      accountRef: 'A-31',
      lines: [{ sku: 'PEN-500', unitPrice: usd(185), discount: usd(400), net: usd(7_000) }],
    });
  });

  it('is read with the query’s outer fields as well', () => {
    expect(snapshotIn(reads('saleor', 'order_paid', { event: { order: saleorOrder() } })).number).toBe(
      '2041',
    );
  });

  it('has the refunds that were carried out, and none that were asked for', () => {
    const events = [
      { id: 'e1', type: 'REFUND_SUCCESS', createdAt: '2026-11-21T09:00:00Z', amount: amount(8.74) },
      { id: 'e2', type: 'REFUND_REQUEST', createdAt: '2026-11-21T08:00:00Z', amount: amount(8.74) },
    ];
    const payments = [{ transactions: [{ id: 't1', kind: 'REFUND', isSuccess: false, amount: amount(1) }] }];
    const order = saleorOrder({ transactions: [{ events }], payments });
    expect(reads('saleor', 'order_refunded', { order })).toMatchObject({
      refunds: [{ externalId: 'e1', total: usd(874), at: '2026-11-21T09:00:00.000Z', netIsShare: true }],
    });
  });

  it('is nobody’s yet as a draft, and is cancelled or expired at the time of that change', () => {
    expect(reads('saleor', 'order_updated', { order: saleorOrder({ status: 'DRAFT' }) }).kind).toBe(
      'irrelevant',
    );
    const order = saleorOrder({ status: 'CANCELED' });
    expect(snapshotIn(reads('saleor', 'order_cancelled', { order })).cancelledAt).toBe(
      '2026-11-20T09:05:00.000Z',
    );
  });

  it('is known by the header’s topic, or else by the type in the body', () => {
    const { factsOf } = platforms.saleor;
    expect(factsOf(webhook('{}', { 'saleor-event': 'order_paid' })).topic).toBe('order_paid');
    expect(factsOf(webhook('{"__typename":"OrderFullyPaid"}')).topic).toBe('order_fully_paid');
    expect(factsOf(webhook('no JSON')).triggeredAt).toBe(NOW);
  });

  it('without a total is unreadable, and says so', () => {
    expect(() => reads('saleor', 'order_paid', { order: saleorOrder({ total: {} }) })).toThrow(
      '/order/total/gross',
    );
  });
});
