import type * as z from 'zod';
import type { Delivery, OrderMessage } from './order-message.ts';
import { readPayload } from './payload.ts';
import { irrelevant } from './platform.ts';
import {
  Charge,
  chargeSnapshot,
  Dispute,
  disputed,
  newestRefund,
  Refund,
  refundOf,
} from './stripe-charge.ts';
import { Invoice, invoiceSnapshot, namesItsPayment } from './stripe-invoice.ts';
import { eventOf, type StripeEvent } from './stripe-object.ts';
import { PaymentIntent, paymentSnapshot, Session, sessionSnapshot } from './stripe-payment.ts';

const events = {
  session: eventOf(Session),
  payment: eventOf(PaymentIntent),
  invoice: eventOf(Invoice),
  charge: eventOf(Charge),
  refund: eventOf(Refund),
  dispute: eventOf(Dispute),
};

const told = <T>(
  schema: z.ZodType<StripeEvent & { readonly data: { readonly object: T } }>,
  delivery: Delivery,
) => {
  const { data, created, livemode } = readPayload(schema, delivery);
  return { object: data.object, event: { created, livemode } };
};

/**
 * Reads a Stripe event. What counts is a payment, and each has one identity, whatever tells it: the payment intent's id, for
 * checkouts, invoices, charges and refunds name it; the invoice's, checkout's or charge's own id only where no payment intent
 * was needed. So a checkout, its payment intent and its invoice make one order; the payment
 * intent, which knows least, gives way to the others whatever comes first (see the snapshots' `updatedAt`). Throws UnreadableDelivery.
 */
export const readStripeEvent = (delivery: Delivery): OrderMessage => {
  const { topic } = delivery;
  switch (topic) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded': {
      const { object, event } = told(events.session, delivery);
      if (object.payment_status === 'unpaid') return irrelevant(topic, 'is not paid yet');
      // Subscriptions, above all: their renewals have no checkout, but each payment has an invoice.
      if (object.payment_intent === undefined && object.invoice !== undefined)
        return irrelevant(topic, 'is told by its invoice');
      return { kind: 'snapshot', snapshot: sessionSnapshot(object, event), refunds: [] };
    }
    case 'payment_intent.succeeded': {
      const { object, event } = told(events.payment, delivery);
      return { kind: 'snapshot', snapshot: paymentSnapshot(object, event), refunds: [] };
    }
    case 'invoice.paid': {
      const { object, event } = told(events.invoice, delivery);
      if (!namesItsPayment(object)) return irrelevant(topic, 'is told by its payment intent');
      return { kind: 'snapshot', snapshot: invoiceSnapshot(object, event), refunds: [] };
    }
    case 'charge.succeeded':
    case 'charge.captured': {
      const { object, event } = told(events.charge, delivery);
      if (object.payment_intent !== undefined) return irrelevant(topic, 'is told by its payment intent');
      if (!object.captured) return irrelevant(topic, 'is not paid yet');
      return { kind: 'snapshot', snapshot: chargeSnapshot(object, event), refunds: [] };
    }
    case 'charge.refunded': {
      const { object } = told(events.charge, delivery);
      return newestRefund(object) ?? irrelevant(topic, 'is told by refund.created');
    }
    case 'refund.created':
    case 'refund.updated':
    case 'charge.refund.updated': {
      const { object } = told(events.refund, delivery);
      if (object.status != null && object.status !== 'succeeded')
        return irrelevant(topic, 'is about a refund that has not succeeded');
      return refundOf(object);
    }
    case 'charge.dispute.closed': {
      const { object } = told(events.dispute, delivery);
      if (object.status !== 'lost') return irrelevant(topic, 'is about a dispute that was not lost');
      return disputed(object);
    }
    default:
      return irrelevant(topic);
  }
};
