import * as z from 'zod';
import { none } from './amounts.ts';
import type { OrderMessage, OrderSnapshot } from './order-message.ts';
import { Optional } from './payload.ts';
import { customerOf } from './references.ts';
import { stripeMoney } from './stripe-money.ts';
import { Amount, knowing, moneyed, Ref, referencesOf, type StripeEvent } from './stripe-object.ts';

export const Refund = z.object({
  ...moneyed,
  amount: Amount,
  status: z.string().nullish(),
  charge: Ref,
  payment_intent: Ref,
});

export const Charge = z.object({
  ...moneyed,
  amount: Amount,
  captured: z.boolean(),
  amount_captured: Amount.nullish(),
  payment_intent: Ref,
  customer: Ref,
  billing_details: z.object({ email: Optional, name: Optional }).nullish().catch(undefined),
  /** Not there from API version 2022-11-15 on. */
  refunds: z.object({ data: z.array(Refund) }).nullish(),
});

export const Dispute = z.object({
  ...moneyed,
  amount: Amount,
  status: z.string(),
  charge: Ref,
  payment_intent: Ref,
});

type GivenBack = Pick<
  z.infer<typeof Refund>,
  'id' | 'amount' | 'currency' | 'created' | 'charge' | 'payment_intent'
>;

/** A refund tells what was given back in all; the order knows what of it was tax. */
export const refundOf = (refund: GivenBack): OrderMessage => {
  const orderExternalId = refund.payment_intent ?? refund.charge;
  if (orderExternalId === undefined)
    return { kind: 'irrelevant', reason: 'a refund that belongs to no payment is not about orders' };
  const total = stripeMoney(refund.amount, refund.currency, '/data/object/amount');
  return {
    kind: 'refund',
    orderExternalId,
    refund: { externalId: refund.id, at: refund.created, net: total, total, netIsShare: true },
  };
};

/** Money that a bank took back for good. */
export const disputed = (dispute: z.infer<typeof Dispute>): OrderMessage => refundOf(dispute);

/** The refund that the event is about; each earlier one had an event of its own. Undefined where the charge lists none. */
export const newestRefund = ({ refunds }: z.infer<typeof Charge>): OrderMessage | undefined => {
  const [newest] = (refunds?.data ?? [])
    .filter(({ status }) => status == null || status === 'succeeded')
    .toSorted((a, b) => (a.created > b.created ? -1 : 1));
  return newest === undefined ? undefined : refundOf(newest);
};

/** A charge without a payment intent, as shops made them before there were any. */
export const chargeSnapshot = (charge: z.infer<typeof Charge>, event: StripeEvent): OrderSnapshot => {
  const { currency } = charge;
  const total = stripeMoney(charge.amount_captured ?? charge.amount, currency, '/data/object/amount');
  return {
    externalId: charge.id,
    number: charge.id,
    updatedAt: knowing(event.created, 0),
    currency,
    gross: total,
    discounts: none(currency),
    net: total,
    tax: none(currency),
    shipping: none(currency),
    total,
    placedAt: charge.created,
    paidAt: event.created,
    test: !event.livemode,
    lines: [],
    ...customerOf({
      externalId: charge.customer,
      email: charge.billing_details?.email,
      name: charge.billing_details?.name,
      company: undefined,
      taxId: undefined,
    }),
    ...referencesOf(charge.metadata),
  };
};
