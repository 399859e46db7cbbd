import * as z from 'zod';
import { less, none, sum } from './amounts.ts';
import type { OrderSnapshot } from './order-message.ts';
import { Optional } from './payload.ts';
import { customerOf } from './references.ts';
import { stripeMoney } from './stripe-money.ts';
import { Amount, knowing, moneyed, Ref, referencesOf, type StripeEvent } from './stripe-object.ts';

export const PaymentIntent = z.object({
  ...moneyed,
  amount_received: Amount,
  customer: Ref,
  receipt_email: Optional,
  /** From API version 2025-08-27 on, if the shop gives them. */
  amount_details: z
    .object({
      tax: z.object({ total_tax_amount: Amount.nullish() }).nullish(),
      shipping: z.object({ amount: Amount.nullish() }).nullish(),
    })
    .nullish()
    .catch(undefined),
});

export const Session = z.object({
  ...moneyed,
  amount_total: Amount,
  total_details: z
    .object({
      amount_discount: Amount.nullish(),
      amount_shipping: Amount.nullish(),
      amount_tax: Amount.nullish(),
    })
    .nullish(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  payment_intent: Ref,
  invoice: Ref,
  customer: Ref,
  customer_details: z
    .object({
      email: Optional,
      name: Optional,
      business_name: Optional,
      tax_ids: z
        .array(z.object({ value: Optional }))
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

/**
 * Knows least: what was received, and mostly neither tax nor goods. It is as old as the intent, so that a checkout or an
 * invoice of the same payment, which can't be over before, is newer.
 */
export const paymentSnapshot = (intent: z.infer<typeof PaymentIntent>, event: StripeEvent): OrderSnapshot => {
  const { currency } = intent;
  const total = stripeMoney(intent.amount_received, currency, '/data/object/amount_received');
  const details = intent.amount_details;
  const at = '/data/object/amount_details';
  const tax = stripeMoney(details?.tax?.total_tax_amount ?? '0', currency, `${at}/tax`);
  const shipping = stripeMoney(details?.shipping?.amount ?? '0', currency, `${at}/shipping`);
  const net = less(total, tax, shipping);
  return {
    externalId: intent.id,
    number: intent.id,
    updatedAt: knowing(intent.created, 0),
    currency,
    gross: net,
    discounts: none(currency),
    net,
    tax,
    shipping,
    total,
    placedAt: intent.created,
    paidAt: event.created,
    test: !event.livemode,
    lines: [],
    ...customerOf({
      externalId: intent.customer,
      email: intent.receipt_email,
      name: undefined,
      company: undefined,
      taxId: undefined,
    }),
    ...referencesOf(intent.metadata),
  };
};

/** A checkout that is over and paid, or had nothing to be paid. */
export const sessionSnapshot = (session: z.infer<typeof Session>, event: StripeEvent): OrderSnapshot => {
  const { currency, customer_details: details } = session;
  const money = (digits: string | null | undefined, field: string) =>
    stripeMoney(digits ?? '0', currency, `/data/object/${field}`);
  const total = money(session.amount_total, 'amount_total');
  const tax = money(session.total_details?.amount_tax, 'total_details/amount_tax');
  const shipping = money(session.total_details?.amount_shipping, 'total_details/amount_shipping');
  const discounts = money(session.total_details?.amount_discount, 'total_details/amount_discount');
  const net = less(total, tax, shipping);
  const id = session.payment_intent ?? session.id;
  return {
    externalId: id,
    number: id,
    updatedAt: knowing(event.created, 1),
    currency,
    gross: sum(currency, [net, discounts]),
    discounts,
    net,
    tax,
    shipping,
    total,
    placedAt: session.created,
    paidAt: event.created,
    test: !event.livemode,
    salesChannel: 'checkout',
    lines: [],
    ...customerOf({
      externalId: session.customer,
      email: details?.email,
      name: details?.name,
      company: details?.business_name,
      taxId: details?.tax_ids?.[0]?.value,
    }),
    ...referencesOf(session.metadata),
  };
};
