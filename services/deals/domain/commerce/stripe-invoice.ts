import * as z from 'zod';
import { each, less, sum } from './amounts.ts';
import type { OrderSnapshot, SnapshotLine } from './order-message.ts';
import { Optional, Quantity, UnixSeconds } from './payload.ts';
import { customerOf } from './references.ts';
import { stripeMoney } from './stripe-money.ts';
import { Amount, knowing, moneyed, Ref, referencesOf, type StripeEvent } from './stripe-object.ts';

const Amounts = z.array(z.object({ amount: Amount })).nullish();

export const Invoice = z.object({
  ...moneyed,
  number: Optional,
  total: Amount,
  amount_paid: Amount,
  amount_shipping: Amount.nullish(),
  tax: Amount.nullish(),
  /** In place of `tax` from API version 2025-03-31 on. */
  total_taxes: Amounts,
  total_discount_amounts: Amounts,
  payment_intent: z.unknown().optional(),
  /** In place of `payment_intent` from API version 2025-03-31 on; events don't have it. */
  payments: z
    .object({ data: z.array(z.object({ payment: z.object({ payment_intent: Ref }) })) })
    .nullish()
    .catch(undefined),
  status_transitions: z.object({ paid_at: UnixSeconds.nullish() }).nullish(),
  customer: Ref,
  customer_email: Optional,
  customer_name: Optional,
  customer_tax_ids: z
    .array(z.object({ value: Optional }))
    .nullish()
    .catch(undefined),
  lines: z.object({
    data: z.array(
      z.object({
        id: z.string(),
        description: Optional,
        quantity: Quantity.nullish(),
        amount: Amount,
        amount_excluding_tax: Amount.nullish(),
        discount_amounts: Amounts,
        price: z.object({ id: z.string() }).nullish().catch(undefined),
      }),
    ),
  }),
});
type Invoice = z.infer<typeof Invoice>;

const intentOf = ({ payment_intent: intent, payments }: Invoice): string | undefined =>
  Ref.safeParse(intent).data ??
  payments?.data.find(({ payment }) => payment.payment_intent)?.payment.payment_intent;

/**
 * Whether the payment that the invoice was paid by is known. From API version 2025-03-31 on it is not in the event: of an
 * invoice that was paid with money the payment intent tells, for the two could not be known to be one.
 */
export const namesItsPayment = (invoice: Invoice): boolean =>
  intentOf(invoice) !== undefined || invoice.payment_intent === null || /^0+$/.test(invoice.amount_paid);

/** Knows most: lines, tax, discounts and the customer. */
export const invoiceSnapshot = (invoice: Invoice, event: StripeEvent): OrderSnapshot => {
  const { currency } = invoice;
  const money = (digits: string | null | undefined, field: string) =>
    stripeMoney(digits ?? '0', currency, `/data/object/${field}`);
  const all = (amounts: z.infer<typeof Amounts>, field: string) =>
    sum(
      currency,
      (amounts ?? []).map(({ amount }, at) => money(amount, `${field}/${String(at)}/amount`)),
    );
  const total = money(invoice.total, 'total');
  const tax = invoice.tax == null ? all(invoice.total_taxes, 'total_taxes') : money(invoice.tax, 'tax');
  const shipping = money(invoice.amount_shipping, 'amount_shipping');
  const discounts = all(invoice.total_discount_amounts, 'total_discount_amounts');
  const net = less(total, tax, shipping);
  const lineOf = (line: Invoice['lines']['data'][number], at: number): SnapshotLine => {
    const quantity = line.quantity ?? 1;
    const before = money(line.amount_excluding_tax ?? line.amount, `lines/data/${String(at)}/amount`);
    const discount = all(line.discount_amounts, `lines/data/${String(at)}/discount_amounts`);
    return {
      externalId: line.id,
      title: line.description ?? line.price?.id ?? line.id,
      quantity,
      unitPrice: each(before, quantity),
      discount,
      net: less(before, discount),
      ...(line.price != null && { sku: line.price.id }),
    };
  };
  return {
    externalId: intentOf(invoice) ?? invoice.id,
    number: invoice.number ?? invoice.id,
    updatedAt: knowing(event.created, 2),
    currency,
    gross: sum(currency, [net, discounts]),
    discounts,
    net,
    tax,
    shipping,
    total,
    placedAt: invoice.created,
    paidAt: invoice.status_transitions?.paid_at ?? event.created,
    test: !event.livemode,
    salesChannel: 'invoice',
    lines: invoice.lines.data.map(lineOf),
    ...customerOf({
      externalId: invoice.customer,
      email: invoice.customer_email,
      name: invoice.customer_name,
      company: undefined,
      taxId: invoice.customer_tax_ids?.[0]?.value,
    }),
    ...referencesOf(invoice.metadata),
  };
};
