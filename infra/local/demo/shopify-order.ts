import { createHmac } from 'node:crypto';

export interface ShopifyLine {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  /** Decimal text, as Shopify sends it. */
  readonly price: string;
}

export interface ShopifyOrderOptions {
  readonly id: string;
  readonly number: number;
  readonly at: string;
  readonly updatedAt?: string;
  readonly currency?: string;
  readonly lines: readonly ShopifyLine[];
  readonly shipping?: string;
  readonly financialStatus?: 'pending' | 'paid' | 'partially_refunded' | 'refunded' | 'voided';
  readonly cancelledAt?: string;
  readonly test?: boolean;
  /** Shopify’s id of who ordered; a guest unless given. */
  readonly customerId?: string;
}

const cents = (text: string) => Math.round(Number(text) * 100);
const text = (amount: number) => (amount / 100).toFixed(2);
const shopMoney = (amount: string, currency: string) => ({
  shop_money: { amount, currency_code: currency },
  presentment_money: { amount, currency_code: currency },
});

/** Ids are longer than a double holds, so they are written as digits, never as numbers. */
const withRawIds = (json: string) => json.replaceAll(/"#id:(\d+)"/g, '$1');

/** The body of an `orders/…` webhook, shaped as Shopify's REST payloads are. */
export const shopifyOrder = (options: ShopifyOrderOptions): string => {
  const { id, number, at, currency = 'USD', lines, shipping = '0.00' } = options;
  const subtotal = text(lines.reduce((sum, line) => sum + cents(line.price) * line.quantity, 0));
  const total = text(cents(subtotal) + cents(shipping));
  return withRawIds(
    JSON.stringify({
      id: `#id:${id}`,
      admin_graphql_api_id: `gid://shopify/Order/${id}`,
      name: `#${String(number)}`,
      order_number: number,
      currency,
      presentment_currency: currency,
      created_at: at,
      processed_at: at,
      updated_at: options.updatedAt ?? at,
      cancelled_at: options.cancelledAt ?? null,
      financial_status: options.financialStatus ?? 'paid',
      source_name: 'web',
      test: options.test ?? false,
      taxes_included: false,
      total_line_items_price: subtotal,
      total_discounts: '0.00',
      subtotal_price: subtotal,
      total_tax: '0.00',
      total_price: total,
      total_price_set: shopMoney(total, currency),
      total_shipping_price_set: shopMoney(shipping, currency),
      customer: options.customerId === undefined ? null : { id: `#id:${options.customerId}` },
      line_items: lines.map((line, index) => ({
        id: `#id:${id}${String(index)}`,
        title: line.title,
        sku: line.sku,
        quantity: line.quantity,
        price: line.price,
        discount_allocations: [],
        tax_lines: [],
      })),
      refunds: [],
    }),
  );
};

/** The body of a `refunds/create` webhook that gives goods back. */
export const shopifyRefund = (options: {
  readonly id: string;
  readonly orderId: string;
  readonly at: string;
  readonly amount: string;
  readonly currency?: string;
}): string => {
  const { id, orderId, at, amount, currency = 'USD' } = options;
  return withRawIds(
    JSON.stringify({
      id: `#id:${id}`,
      order_id: `#id:${orderId}`,
      created_at: at,
      processed_at: at,
      refund_line_items: [
        {
          subtotal: Number(amount),
          subtotal_set: shopMoney(amount, currency),
          total_tax: 0,
          total_tax_set: shopMoney('0.00', currency),
        },
      ],
      transactions: [{ amount, kind: 'refund', status: 'success', currency }],
      order_adjustments: [],
    }),
  );
};

/** The headers that Shopify sends with a body. */
export const shopifyHeaders = (topic: string, body: string, secret: string, webhookId: string) => ({
  'content-type': 'application/json',
  'x-shopify-topic': topic,
  'x-shopify-webhook-id': webhookId,
  'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
});
