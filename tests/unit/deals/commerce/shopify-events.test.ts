import { describe, expect, it } from 'vitest';
import { shopifyOrder } from '../../../../infra/local/demo/shopify-order.ts';
import { deliveryOfPartnerEvent } from '../../../../services/deals/domain/commerce/shopify-partner-event.ts';
import { reads, snapshotIn, usd } from './webhooks.fixture.ts';

const ORDER = '820982911946154508';
const partner = (payload: string, metadata: object) =>
  `{"id":"e-1","time":"2026-11-20T09:00:02Z","source":"aws.partner/shopify.com/1/pasta","detail":{"payload":${payload},"metadata":${JSON.stringify(metadata)}}}`;
const shop = (value: string) => ({ shopMoney: { amount: value, currencyCode: 'USD' } });
const order = {
  id: `gid://shopify/Order/${ORDER}`,
  name: '#1001',
  createdAt: '2026-11-20T09:00:00Z',
  updatedAt: '2026-11-20T09:00:01Z',
  processedAt: '2026-11-20T09:00:00Z',
  currencyCode: 'USD',
  subtotalPriceSet: shop('70.00'),
  totalDiscountsSet: shop('4.00'),
  totalTaxSet: shop('4.90'),
  totalShippingPriceSet: shop('12.50'),
  totalPriceSet: shop('87.40'),
  displayFinancialStatus: 'PAID',
  lineItems: {
    nodes: [
      {
        id: 'gid://shopify/LineItem/1',
        title: 'Penne',
        sku: 'PEN-500',
        quantity: 40,
        originalUnitPriceSet: shop('1.85'),
        discountedTotalSet: shop('70.00'),
      },
    ],
  },
  customAttributes: [{ key: 'quotaline_deal', value: 'CRM-1180' }],
};
const event = (data: unknown, action = 'update') => ({
  topic: 'Order',
  action,
  data,
  query_variables: { orderId: order.id },
});

describe('an event of Shopify’s partner bus', () => {
  it('of the classic shape is read as its webhook, with every digit of its ids', () => {
    const body = shopifyOrder({
      id: ORDER,
      number: 1001,
      at: '2026-11-20T09:00:00Z',
      lines: [{ sku: 'PEN-500', title: 'Penne', quantity: 40, price: '1.85' }],
    });
    const delivery = deliveryOfPartnerEvent(
      partner(body, {
        'X-Shopify-Topic': 'orders/paid',
        'X-Shopify-Webhook-Id': 'w-1',
        'X-Shopify-Triggered-At': '2026-11-20T09:00:01.5Z',
        'X-Shopify-Shop-Domain': 'pastapro.myshopify.com',
      }),
    );
    expect(delivery).toMatchObject({
      topic: 'orders/paid',
      identity: 'w-1',
      triggeredAt: '2026-11-20T09:00:01.500Z',
      shopDomain: 'pastapro.myshopify.com',
    });
    const { topic, triggeredAt } = delivery;
    expect(snapshotIn(reads('shopify', topic, delivery.body, triggeredAt))).toMatchObject({
      externalId: ORDER,
      net: usd(7_400),
    });
  });

  it('of the newer shape goes by its action, and without an id by the bus’s own', () => {
    const delivery = deliveryOfPartnerEvent(
      partner('{}', { 'shopify-topic': 'Order', 'shopify-action': 'update' }),
    );
    expect(delivery).toMatchObject({
      topic: 'Order/update',
      identity: 'e-1',
      triggeredAt: '2026-11-20T09:00:02.000Z',
    });
  });

  it('without a payload is unreadable', () => {
    expect(() =>
      deliveryOfPartnerEvent('{"id":"e","time":"2026-11-20T09:00:02Z","detail":{"metadata":{}}}'),
    ).toThrow('/detail/payload');
  });
});

describe('Shopify’s newer “Events”', () => {
  it('are an order where the query asked for all of it', () => {
    expect(snapshotIn(reads('shopify', 'Order/update', event({ order })))).toMatchObject({
      externalId: ORDER,
      net: usd(7_000),
      gross: usd(7_400),
      tax: usd(490),
      shipping: usd(1_250),
      total: usd(8_740),
      paidAt: '2026-11-20T09:00:00.000Z',
      dealRef: { externalId: 'CRM-1180' },
      lines: [{ externalId: '1', sku: 'PEN-500', unitPrice: usd(185), discount: usd(400), net: usd(7_000) }],
    });
  });

  it.each([
    ['the app may not see it', { order: null }],
    ['the query asked for too little', { order: { id: order.id } }],
  ])('have the order fetched where %s', (_, data) => {
    expect(reads('shopify', 'Order/update', event(data))).toEqual({ kind: 'fetch', orderExternalId: ORDER });
  });

  it('delete an order, and count for nothing about anything else', () => {
    expect(reads('shopify', 'Order/delete', event({ order: null }, 'delete'))).toEqual({
      kind: 'deletion',
      orderExternalId: ORDER,
    });
    const product = { topic: 'Product', action: 'update', data: {} };
    expect(reads('shopify', 'Product/update', product).kind).toBe('irrelevant');
  });
});
