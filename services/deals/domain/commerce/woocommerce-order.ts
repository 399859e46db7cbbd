import * as z from 'zod';
import { Currency, type Money } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { each, less, nearest, none, signedNearest, sum } from './amounts.ts';
import type { OrderSnapshot, SnapshotLine, SnapshotRefund } from './order-message.ts';
import { Digits, Optional, Quantity, UnixSeconds } from './payload.ts';
import { customerOf, fullName, referencesIn } from './references.ts';

/** `2017-03-22T19:28:02`, in the zone that the field is named after. */
const Naive = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/, 'must be a time such as 2026-11-23T09:30:00');
const Gmt = Naive.transform((text) => `${text}Z`).pipe(Instant);

const Meta = z
  .array(z.object({ key: Optional, value: Optional }))
  .nullish()
  .catch(undefined);

export const WooOrder = z.object({
  id: Digits,
  number: Digits.nullish(),
  status: z.string(),
  currency: Currency,
  created_via: Optional,
  date_created: Naive.nullish(),
  date_created_gmt: Gmt,
  date_modified_gmt: Gmt.nullish(),
  date_paid_gmt: Gmt.nullish(),
  discount_total: Digits,
  shipping_total: Digits,
  total: Digits,
  total_tax: Digits,
  customer_id: Digits.nullish(),
  billing: z
    .object({ first_name: Optional, last_name: Optional, company: Optional, email: Optional })
    .nullish()
    .catch(undefined),
  meta_data: Meta,
  line_items: z.array(
    z.object({
      id: Digits,
      name: z.string(),
      sku: Optional,
      quantity: Quantity,
      /** Before and after discounts, both without tax, whatever the shop shows prices with. */
      subtotal: Digits,
      total: Digits,
    }),
  ),
  fee_lines: z.array(z.object({ id: Digits, name: Optional, total: Digits })).default([]),
  /** `total` is negative, and holds tax and shipping. */
  refunds: z.array(z.object({ id: Digits, total: Digits })).default([]),
});
export type WooOrder = z.infer<typeof WooOrder>;

/** Names under which plugins keep a buyer's VAT number. */
const TAX_IDS = [
  '_billing_vat_number',
  '_vat_number',
  'vat_number',
  '_billing_eu_vat_number',
  '_billing_vat',
];

/** Negative fees are discounts that someone gave by hand. */
const isDiscount = ({ total }: WooOrder['fee_lines'][number]): boolean => total.startsWith('-');
const without = (minus: string): string => minus.replace(/^-/, '');

const lineOf = (line: WooOrder['line_items'][number], at: number, currency: Currency): SnapshotLine => {
  const before = nearest(line.subtotal, currency, `/line_items/${String(at)}/subtotal`);
  const net = nearest(line.total, currency, `/line_items/${String(at)}/total`);
  return {
    externalId: line.id,
    title: line.name,
    quantity: line.quantity,
    unitPrice: each(before, line.quantity),
    discount: less(before, net),
    net,
    ...(line.sku !== undefined && { sku: line.sku }),
  };
};

/** Before version 3 orders kept the time of payment among the meta data alone: in seconds, or as the shop's own time. */
const paidByMeta = ({ meta_data: meta, date_created: local, date_created_gmt: gmt }: WooOrder) => {
  const value = (name: string) => meta?.findLast(({ key }) => key === name)?.value;
  const seconds = UnixSeconds.safeParse(value('_date_paid'));
  if (seconds.success) return seconds.data;
  const paid = Gmt.safeParse(value('_paid_date')?.replace(' ', 'T'));
  if (!paid.success || local == null) return undefined;
  const ahead = Date.parse(`${local}Z`) - Date.parse(gmt);
  return Instant.parse(new Date(Date.parse(paid.data) - ahead).toISOString());
};

export const snapshotOf = (order: WooOrder, triggeredAt: Instant): OrderSnapshot => {
  const { currency } = order;
  const amount = (digits: string, place: string): Money => nearest(digits, currency, place);
  const fees = order.fee_lines.filter((fee) => !isDiscount(fee));
  const discounts = sum(currency, [
    amount(without(order.discount_total), '/discount_total'),
    ...order.fee_lines.filter(isDiscount).map((fee) => nearest(without(fee.total), currency)),
  ]);
  const [total, tax, shipping] = [
    amount(order.total, '/total'),
    amount(order.total_tax, '/total_tax'),
    amount(order.shipping_total, '/shipping_total'),
  ];
  // Fees and roundings are in the total alone, so what is not tax and shipping of it is what was sold.
  const net = less(total, tax, shipping);
  const paidAt = order.date_paid_gmt ?? paidByMeta(order);
  const updatedAt = order.date_modified_gmt ?? triggeredAt;
  const vat = TAX_IDS.map((name) => order.meta_data?.find(({ key }) => key === name)?.value);
  return {
    externalId: order.id,
    number: order.number ?? order.id,
    updatedAt,
    currency,
    gross: sum(currency, [net, discounts]),
    discounts,
    net,
    tax,
    shipping,
    total,
    placedAt: order.date_created_gmt,
    test: false,
    lines: [
      ...order.line_items.map((line, at) => lineOf(line, at, currency)),
      ...fees.map((fee) => {
        const price = nearest(fee.total, currency);
        const discount = none(currency);
        return {
          externalId: fee.id,
          title: fee.name ?? 'Fee',
          quantity: 1,
          unitPrice: price,
          discount,
          net: price,
        };
      }),
    ],
    ...(paidAt !== undefined && { paidAt }),
    ...((order.status === 'cancelled' || order.status === 'failed') && { cancelledAt: updatedAt }),
    ...(order.created_via !== undefined && { salesChannel: order.created_via }),
    ...customerOf({
      externalId: order.customer_id == null || order.customer_id === '0' ? undefined : order.customer_id,
      email: order.billing?.email,
      name: fullName(order.billing?.first_name, order.billing?.last_name),
      company: order.billing?.company,
      taxId: vat.find((value) => value !== undefined),
    }),
    ...referencesIn((order.meta_data ?? []).map(({ key, value }) => ({ name: key, value }))),
  };
};

/**
 * Only what was given back in all is told, and not when: the order's change that tells it first is the nearest to it.
 */
export const refundsOf = (order: WooOrder, triggeredAt: Instant): SnapshotRefund[] =>
  order.refunds.map((refund, index) => {
    const { amount, currency } = signedNearest(
      refund.total,
      order.currency,
      `/refunds/${String(index)}/total`,
    );
    const total = { amount: Math.abs(amount), currency };
    const at = order.date_modified_gmt ?? triggeredAt;
    return { externalId: refund.id, at, net: total, total, netIsShare: true };
  });
