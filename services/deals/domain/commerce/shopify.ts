import { fromMajor, InvalidAmount } from '../../../../shared/money/arithmetic.ts';
import type { Currency, Money } from '../../../../shared/money/money.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import {
  type Delivery,
  type OrderMessage,
  type OrderSnapshot,
  type SnapshotLine,
  type SnapshotRefund,
  UnreadableDelivery,
} from './order-message.ts';
import { Deletion, LoneRefund, readPayload, ShopifyOrder, type ShopifyRefund } from './shopify-payload.ts';

/** Sources whose money has been received in full, at least for a time. */
const PAID = new Set(['paid', 'partially_refunded', 'refunded']);

/** Throws UnreadableDelivery for what is no amount of the currency. */
const major = (digits: string, currency: Currency): Money => {
  try {
    const { amount } = fromMajor(digits, currency);
    return { amount: Math.max(0, amount), currency };
  } catch (cause) {
    if (cause instanceof InvalidAmount) throw new UnreadableDelivery(cause.message, { cause });
    throw cause;
  }
};

const sum = (currency: Currency, amounts: readonly Money[]): Money => ({
  amount: amounts.reduce((total, money) => total + money.amount, 0),
  currency,
});

const less = (money: Money, other: Money): Money => ({
  ...money,
  amount: Math.max(0, money.amount - other.amount),
});

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
  const afterDiscounts = less({ ...price, amount: price.amount * line.quantity }, discount);
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
    ...(order.customer != null && { customerExternalId: order.customer.id }),
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
      if (currency == null) throw new UnreadableDelivery('the refund names no currency');
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
      return { kind: 'irrelevant', reason: `${topic} tells nothing that orders/updated does not` };
    default:
      return {
        kind: 'irrelevant',
        reason: `${topic === '' ? 'a delivery without a topic' : topic} is not about orders`,
      };
  }
};
