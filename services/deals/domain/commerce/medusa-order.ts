import { LosslessNumber } from 'lossless-json';
import * as z from 'zod';
import type { Currency, Money } from '../../../../shared/money/money.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import { each, less, nearest, none, sum, times } from './amounts.ts';
import type { Delivery, OrderSnapshot, SnapshotLine, SnapshotRefund } from './order-message.ts';
import { AnyCaseCurrency, Digits, Optional, Quantity, unreadable, When } from './payload.ts';
import { customerOf, fullName, referencesIn } from './references.ts';

export const MedusaOrder = z.looseObject({
  id: z.string(),
  display_id: Digits.nullish(),
  email: Optional,
  currency_code: AnyCaseCurrency,
  status: z.string().nullish(),
  payment_status: z.string().nullish(),
  created_at: When,
  updated_at: When,
  canceled_at: When,
  is_draft_order: z.boolean().nullish(),
  customer_id: Optional,
  customer: z
    .object({ first_name: Optional, last_name: Optional, company_name: Optional })
    .nullish()
    .catch(undefined),
  sales_channel: z.object({ name: Optional }).nullish().catch(undefined),
  metadata: z.record(z.string(), Optional).nullish().catch(undefined),
  items: z.array(
    z.looseObject({
      id: Optional,
      title: Optional,
      sku: Optional,
      variant_sku: Optional,
      variant: z.object({ sku: Optional }).nullish().catch(undefined),
      quantity: Quantity,
    }),
  ),
  refunds: z.array(z.looseObject({ id: z.string(), created_at: When })).nullish(),
});
export type MedusaOrder = z.infer<typeof MedusaOrder>;

const PAID = new Set(['captured', 'partially_refunded', 'refunded']);
const RAW = z.object({ value: Digits });

/**
 * An amount of version 1, a whole number of minor units, or of version 2, which is in major units and known by its `raw_…`.
 * Undefined if it is not there. A fraction without `raw_…` may be either: it is unreadable rather than taken for a hundredth.
 */
const amountOf = (
  object: Readonly<Record<string, unknown>>,
  name: string,
  { currency, place }: { currency: Currency; place: string },
): Money | undefined => {
  const raw = RAW.safeParse(object[`raw_${name}`]);
  if (raw.success) return nearest(raw.data.value, currency, `${place}/raw_${name}/value`);
  const told = object[name];
  if (told === undefined || told === null) return undefined;
  const digits = told instanceof LosslessNumber ? told.value : told;
  const amount = typeof digits === 'string' && /^\d{1,16}$/.test(digits) ? Number(digits) : NaN;
  if (!Number.isSafeInteger(amount))
    throw unreadable(
      `${place}/${name} must be a whole number of minor units, or have its amount in major units as raw_${name}`,
    );
  return { amount, currency };
};

const lineOf = (item: MedusaOrder['items'][number], at: number, currency: Currency): SnapshotLine => {
  const where = { currency, place: `/data/items/${String(at)}` };
  const unitPrice = amountOf(item, 'unit_price', where);
  if (unitPrice === undefined) throw unreadable(`${where.place}/unit_price is required`);
  const subtotal = amountOf(item, 'subtotal', where) ?? times(unitPrice, item.quantity);
  const discount =
    amountOf(item, 'discount_subtotal', where) ?? amountOf(item, 'discount_total', where) ?? none(currency);
  const sku = item.sku ?? item.variant_sku ?? item.variant?.sku;
  return {
    externalId: item.id ?? String(at),
    title: item.title ?? sku ?? `Item ${String(at + 1)}`,
    quantity: item.quantity,
    unitPrice: each(subtotal, item.quantity),
    discount,
    net: less(subtotal, discount),
    ...(sku !== undefined && { sku }),
  };
};

/** Revenue is the items' subtotal after discounts: what version 1 calls `subtotal` and version 2 `item_subtotal`. */
export const snapshotOf = (order: MedusaOrder, { triggeredAt }: Delivery): OrderSnapshot => {
  const currency = order.currency_code;
  const amount = (...names: readonly string[]): Money | undefined =>
    names
      .map((name) => amountOf(order, name, { currency, place: '/data' }))
      .find((found) => found !== undefined);
  const lines = order.items.map((item, at) => lineOf(item, at, currency));
  const tax = amount('tax_total') ?? none(currency);
  const shipping = amount('shipping_subtotal', 'shipping_total') ?? none(currency);
  const gross =
    amount('item_subtotal', 'subtotal') ??
    sum(
      currency,
      lines.map((line) => times(line.unitPrice, line.quantity)),
    );
  const discounts =
    amount('discount_subtotal', 'discount_total') ??
    sum(
      currency,
      lines.map(({ discount }) => discount),
    );
  const net = less(gross, discounts);
  const placedAt = order.created_at ?? triggeredAt;
  const number = order.display_id ?? order.id;
  const cancelled =
    order.canceled_at ?? (order.status === 'canceled' ? (order.updated_at ?? triggeredAt) : undefined);
  return {
    externalId: order.id,
    number,
    updatedAt: order.updated_at ?? triggeredAt,
    currency,
    gross,
    discounts: less(gross, net),
    net,
    tax,
    shipping,
    total: amount('total') ?? sum(currency, [net, tax, shipping]),
    placedAt,
    test: false,
    lines,
    // It has no time of payment of its own.
    ...(PAID.has(order.payment_status ?? '') && { paidAt: placedAt }),
    ...(cancelled !== undefined && { cancelledAt: cancelled }),
    ...(order.sales_channel?.name !== undefined && { salesChannel: order.sales_channel.name }),
    ...customerOf({
      externalId: order.customer_id,
      email: order.email,
      name: fullName(order.customer?.first_name, order.customer?.last_name),
      company: order.customer?.company_name,
      taxId: undefined,
    }),
    ...referencesIn(Object.entries(order.metadata ?? {}).map(([name, value]) => ({ name, value }))),
  };
};

export const refundsOf = (order: MedusaOrder, triggeredAt: Instant): SnapshotRefund[] =>
  (order.refunds ?? []).map((refund, at) => {
    const place = `/data/refunds/${String(at)}`;
    const total = amountOf(refund, 'amount', { currency: order.currency_code, place });
    if (total === undefined) throw unreadable(`${place}/amount is required`);
    return {
      externalId: refund.id,
      at: refund.created_at ?? triggeredAt,
      net: total,
      total,
      netIsShare: true,
    };
  });
