import type { Currency } from '../../../../shared/money/money.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import { less, major, sum, times } from './amounts.ts';
import type { Delivery, OrderMessage, OrderSnapshot, SnapshotLine, SnapshotRefund } from './order-message.ts';
import { readPayload, unreadable } from './payload.ts';
import { hashOf, instantOr, irrelevant, type PlatformAdapter, topicOf } from './platform.ts';
import { customerOf, fullName, referencesIn } from './references.ts';
import { isShopifyEvent, readShopifyEvent } from './shopify-event.ts';
import { Deletion, LoneRefund, ShopifyOrder, type ShopifyRefund } from './shopify-payload.ts';
import { anyMatches, hmacSha256 } from './signature.ts';

/** Sources whose money has been received in full, at least for a time. */
const PAID = new Set(['paid', 'partially_refunded', 'refunded']);

const readRefund = (refund: ShopifyRefund, currency: Currency, taxesIncluded: boolean): SnapshotRefund => {
  const lines = refund.refund_line_items;
  const goods = sum(
    currency,
    lines.map((line) => major(line.subtotal_set?.shop_money.amount ?? line.subtotal, currency)),
  );
  const tax = sum(
    currency,
    lines.map((line) => major(line.total_tax_set?.shop_money.amount ?? line.total_tax ?? '0', currency)),
  );
  const paidBack = sum(
    currency,
    refund.transactions
      .filter((transaction) => transaction.kind === 'refund' && transaction.status === 'success')
      .map((transaction) => major(transaction.amount, currency)),
  );
  // Shipping that was given back comes as a negative adjustment.
  const shipping = sum(
    currency,
    (refund.order_adjustments ?? [])
      .filter((adjustment) => adjustment.kind === 'shipping_refund')
      .map((adjustment) => major(adjustment.amount.replace(/^-/, ''), currency)),
  );
  const net = lines.length > 0 ? (taxesIncluded ? less(goods, tax) : goods) : less(paidBack, shipping);
  const total = paidBack.amount > 0 ? paidBack : taxesIncluded ? goods : sum(currency, [goods, tax]);
  const at = refund.processed_at ?? refund.created_at;
  return { externalId: refund.id, net, total, ...(at != null && { at }) };
};

const readLine = (line: ShopifyOrder['line_items'][number], order: ShopifyOrder): SnapshotLine => {
  const { currency } = order;
  const price = major(line.price, currency);
  const tax = sum(
    currency,
    line.tax_lines.map((entry) => major(entry.price, currency)),
  );
  const discount = sum(
    currency,
    line.discount_allocations.map((allocation) => major(allocation.amount, currency)),
  );
  const afterDiscounts = less(times(price, line.quantity), discount);
  return {
    externalId: line.id,
    title: line.title,
    quantity: line.quantity,
    unitPrice: price,
    discount,
    net: order.taxes_included ? less(afterDiscounts, tax) : afterDiscounts,
    ...(line.sku != null && line.sku !== '' && { sku: line.sku }),
  };
};

const readOrder = (order: ShopifyOrder, triggeredAt: Instant): OrderSnapshot => {
  const { currency } = order;
  const subtotal = major(order.subtotal_price, currency);
  const includedTax = order.taxes_included
    ? sum(
        currency,
        order.line_items.flatMap((line) => line.tax_lines.map((entry) => major(entry.price, currency))),
      )
    : { amount: 0, currency };
  const discounts = less(major(order.total_line_items_price, currency), subtotal);
  const net = less(subtotal, includedTax);
  const presentment = order.total_price_set?.presentment_money;
  const paid = PAID.has(order.financial_status ?? '');
  return {
    externalId: order.id,
    number: order.name,
    updatedAt: order.updated_at ?? triggeredAt,
    currency,
    gross: sum(currency, [net, discounts]),
    discounts,
    net,
    tax: major(order.total_tax, currency),
    shipping: major(order.total_shipping_price_set?.shop_money.amount ?? '0', currency),
    total: major(order.total_price, currency),
    placedAt: order.created_at,
    test: order.test,
    lines: order.line_items.map((line) => readLine(line, order)),
    ...(presentment !== undefined &&
      presentment.currency_code !== currency && {
        presentmentTotal: major(presentment.amount, presentment.currency_code),
      }),
    ...(paid && { paidAt: order.processed_at ?? order.created_at }),
    ...(order.cancelled_at != null && { cancelledAt: order.cancelled_at }),
    ...(order.source_name != null && { salesChannel: order.source_name }),
    ...customerOf({
      externalId: order.customer?.id,
      email: order.customer?.email ?? order.email,
      name: fullName(order.customer?.first_name, order.customer?.last_name),
      company: order.customer?.default_address?.company,
      taxId: undefined,
    }),
    ...referencesIn(order.note_attributes ?? []),
  };
};

/**
 * Reads a Shopify webhook (REST payloads, API versions 2020-10 to 2025-01). Amounts are the shop's own money;
 * revenue is `subtotal_price`, after discounts and without tax and shipping. Throws UnreadableDelivery.
 */
export const readShopify = (delivery: Delivery): OrderMessage => {
  const { topic, triggeredAt } = delivery;
  switch (topic) {
    case 'orders/delete':
      return {
        kind: 'deletion',
        orderExternalId: readPayload(Deletion, delivery).id,
      };
    case 'refunds/create': {
      const refund = readPayload(LoneRefund, delivery);
      const currency =
        refund.refund_line_items[0]?.subtotal_set?.shop_money.currency_code ??
        refund.transactions[0]?.currency ??
        refund.total_duties_set?.shop_money.currency_code;
      if (currency == null) throw unreadable('the refund names no currency');
      return {
        kind: 'refund',
        orderExternalId: refund.order_id,
        refund: readRefund(refund, currency, false),
      };
    }
    case 'orders/create':
    case 'orders/updated':
    case 'orders/paid':
    case 'orders/partially_fulfilled':
    case 'orders/fulfilled':
    case 'orders/cancelled': {
      const order = readPayload(ShopifyOrder, delivery);
      return {
        kind: 'snapshot',
        snapshot: readOrder(order, triggeredAt),
        refunds: order.refunds.map((refund) => readRefund(refund, order.currency, order.taxes_included)),
      };
    }
    case 'orders/edited':
    case 'order_transactions/create':
      // Both are followed by orders/updated, which carries the order's new state whole.
      return irrelevant(topic, 'tells nothing that orders/updated does not');
    default:
      return isShopifyEvent(topic) ? readShopifyEvent(delivery) : irrelevant(topic);
  }
};

/** Source of the signature: Shopify, “Verify webhook deliveries”. */
export const shopify: PlatformAdapter = {
  secretProblem: () => undefined,
  refusal: ({ headers, rawBody }, secrets) => {
    const signature = headers['x-shopify-hmac-sha256'];
    return signature !== undefined &&
      anyMatches(
        [Buffer.from(signature, 'base64')],
        secrets.map((secret) => hmacSha256(secret, rawBody)),
      )
      ? undefined
      : 'X-Shopify-Hmac-SHA256 is missing, or is not the HMAC-SHA256 of this body under a secret of this store.';
  },
  factsOf: (webhook) => {
    const { headers } = webhook;
    const topic = topicOf(headers['x-shopify-topic']);
    return {
      topic,
      identity: headers['x-shopify-webhook-id'] ?? hashOf(topic, webhook),
      triggeredAt: instantOr(headers['x-shopify-triggered-at'], webhook),
    };
  },
  read: readShopify,
};
