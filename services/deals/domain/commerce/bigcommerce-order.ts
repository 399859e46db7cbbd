import * as z from 'zod';
import { Currency, type Money } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { less, nearest, sum } from './amounts.ts';
import type { OrderMessage, OrderSnapshot, SnapshotLine, SnapshotRefund } from './order-message.ts';
import { Digits, jsonOf, Optional, Quantity, readValue, unreadable } from './payload.ts';
import type { OrderAnswers } from './platform.ts';
import { ACCOUNT_NOTE, customerOf, DEAL_NOTE, fullName, references } from './references.ts';

/** `Wed, 10 Jan 2018 21:05:30 +0000` in version 2, RFC 3339 in version 3. */
const When = z.string().transform((text, context) => {
  const time = Date.parse(text);
  const instant = Instant.safeParse(Number.isNaN(time) ? '' : new Date(time).toISOString());
  if (instant.success) return instant.data;
  context.addIssue({ code: 'custom', message: 'must be a time such as Wed, 10 Jan 2018 21:05:30 +0000' });
  return z.NEVER;
});

const Order = z.object({
  id: Digits,
  customer_id: Digits.nullish(),
  date_created: When,
  date_modified: When.nullish(),
  status_id: Digits.transform(Number),
  subtotal_ex_tax: Digits,
  shipping_cost_ex_tax: Digits,
  handling_cost_ex_tax: Digits.nullish(),
  wrapping_cost_ex_tax: Digits.nullish(),
  discount_amount: Digits.nullish(),
  coupon_discount: Digits.nullish(),
  total_inc_tax: Digits,
  refunded_amount: Digits.nullish(),
  payment_status: z.string().nullish(),
  payment_method: Optional,
  currency_code: Currency,
  is_deleted: z.boolean().nullish(),
  order_source: Optional,
  staff_notes: Optional,
  billing_address: z
    .object({ first_name: Optional, last_name: Optional, company: Optional, email: Optional })
    .nullish()
    .catch(undefined),
});
type Order = z.infer<typeof Order>;

const Product = z.object({
  id: Digits,
  name: z.string(),
  sku: Optional,
  quantity: Quantity,
  price_ex_tax: Digits,
  total_ex_tax: Digits,
  applied_discounts: z.array(z.object({ amount: Digits })).nullish(),
});
type Product = z.infer<typeof Product>;

const Refund = z.object({
  id: Digits,
  created: When,
  total_amount: Digits,
  total_tax: Digits.nullish(),
  items: z.array(z.object({ item_type: z.string(), requested_amount: Digits.nullish() })).default([]),
});
type Refund = z.infer<typeof Refund>;

/** Version 2 answers a list as it is, version 3 as `{ data, meta }`; an empty list of version 2 is an empty answer (204). */
const listOf = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.object({ data: z.array(item) }).transform(({ data }) => data)]);

const PAID = new Set(['captured', 'paid', 'refunded', 'partially refunded']);
/** Where payment is not the shop's business (a bank transfer, cash), its states say that it was confirmed. */
const CONFIRMED = new Set([2, 3, 4, 8, 9, 10, 11, 14]);
const CANCELLED = new Set([5, 6]);

const isPaid = ({ payment_status: status, status_id: id }: Order): boolean =>
  status == null || status === '' ? CONFIRMED.has(id) : PAID.has(status);

const noted = (notes: string | undefined, name: string): string | undefined =>
  new RegExp(`${name}\\s*[:=]\\s*(\\S{1,200})`).exec(notes ?? '')?.[1];

const snapshotOf = (order: Order, products: readonly Product[]): OrderSnapshot => {
  const currency = order.currency_code;
  const money = (digits: string | null | undefined, place: string): Money =>
    nearest(digits ?? '0', currency, place);
  const goods = money(order.subtotal_ex_tax, '/subtotal_ex_tax');
  const discounts = sum(currency, [
    money(order.discount_amount, '/discount_amount'),
    money(order.coupon_discount, '/coupon_discount'),
  ]);
  const net = less(goods, discounts);
  const shipping = sum(currency, [
    money(order.shipping_cost_ex_tax, '/shipping_cost_ex_tax'),
    money(order.handling_cost_ex_tax, '/handling_cost_ex_tax'),
    money(order.wrapping_cost_ex_tax, '/wrapping_cost_ex_tax'),
  ]);
  const total = money(order.total_inc_tax, '/total_inc_tax');
  const updatedAt = order.date_modified ?? order.date_created;
  const lineOf = (product: Product, at: number): SnapshotLine => {
    const discount = sum(
      currency,
      (product.applied_discounts ?? []).map(({ amount }) => money(amount, `/products/${String(at)}`)),
    );
    return {
      externalId: product.id,
      title: product.name,
      quantity: product.quantity,
      unitPrice: money(product.price_ex_tax, `/products/${String(at)}/price_ex_tax`),
      discount,
      net: less(money(product.total_ex_tax, `/products/${String(at)}/total_ex_tax`), discount),
      ...(product.sku !== undefined && { sku: product.sku }),
    };
  };
  return {
    externalId: order.id,
    number: order.id,
    updatedAt,
    currency,
    gross: goods,
    discounts: less(goods, net),
    net,
    // `total_tax` leaves out what was set by hand; the rest of the total always adds up.
    tax: less(total, net, shipping),
    shipping,
    total,
    placedAt: order.date_created,
    test: order.payment_method === 'Test Payment Gateway',
    lines: products.map(lineOf),
    // The resource has no time of payment; one that moved with each change would move revenue between periods.
    ...(isPaid(order) && { paidAt: order.date_created }),
    ...(CANCELLED.has(order.status_id) && { cancelledAt: updatedAt }),
    ...(order.order_source !== undefined && { salesChannel: order.order_source }),
    ...customerOf({
      externalId: order.customer_id == null || order.customer_id === '0' ? undefined : order.customer_id,
      email: order.billing_address?.email,
      name: fullName(order.billing_address?.first_name, order.billing_address?.last_name),
      company: order.billing_address?.company,
      taxId: undefined,
    }),
    ...references(noted(order.staff_notes, DEAL_NOTE), noted(order.staff_notes, ACCOUNT_NOTE)),
  };
};

const NOT_GOODS = new Set(['SHIPPING', 'HANDLING', 'GIFT_WRAPPING', 'TAX']);

const refundOf = (refund: Refund, at: number, currency: Currency): SnapshotRefund => {
  const place = `/refunds/${String(at)}`;
  const total = nearest(refund.total_amount, currency, `${place}/total_amount`);
  const told = { externalId: refund.id, at: refund.created, total };
  // An amount off the order as a whole names nothing that was given back.
  if (refund.items.length === 0 || refund.items.some(({ item_type: type }) => type === 'ORDER'))
    return { ...told, net: total, netIsShare: true };
  const tax = nearest(refund.total_tax ?? '0', currency, `${place}/total_tax`);
  const rest = refund.items
    .filter(({ item_type: type }) => NOT_GOODS.has(type))
    .map(({ requested_amount: amount }) => nearest(amount ?? '0', currency, place));
  return { ...told, net: less(total, tax, ...rest) };
};

const listIn = <T extends z.ZodType>(item: T, text: string | undefined): z.output<T>[] =>
  text === undefined || text.trim() === '' ? [] : readValue(listOf(item), jsonOf(text));

/**
 * The order as BigCommerce's API answers it: `/v2/orders/{id}`, its `/products`, and `/v3/orders/{id}/payment_actions/refunds`.
 * Revenue is `subtotal_ex_tax` after discounts. Throws UnreadableDelivery, also when money was given back and the refunds
 * are not there: without them it would be lost.
 */
export const orderOfAnswers = (answers: OrderAnswers): OrderMessage => {
  const order = readValue(Order, jsonOf(answers.order));
  if (order.is_deleted === true) return { kind: 'deletion', orderExternalId: order.id };
  const currency = order.currency_code;
  const refunded = nearest(order.refunded_amount ?? '0', currency, '/refunded_amount');
  if (refunded.amount > 0 && answers.refunds === undefined)
    throw unreadable('/refunded_amount is above zero, and the refunds were not fetched');
  return {
    kind: 'snapshot',
    snapshot: snapshotOf(order, listIn(Product, answers.products)),
    refunds: listIn(Refund, answers.refunds).map((refund, at) => refundOf(refund, at, currency)),
  };
};
