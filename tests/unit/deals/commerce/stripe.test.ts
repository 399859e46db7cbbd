import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { OrderMessage } from '../../../../services/deals/domain/commerce/order-message.ts';
import { folded, reads, snapshotIn, usd } from './webhooks.fixture.ts';

const at = 1_795_000_000;
const event = (object: object, created = at, livemode = true) => ({
  id: 'evt_1',
  created,
  livemode,
  data: { object },
});
const intent = (more: object = {}) => ({
  id: 'pi_1',
  currency: 'usd',
  created: at,
  amount_received: 11_900,
  customer: 'cus_1',
  metadata: {},
  ...more,
});
const session = (more: object = {}) => ({
  id: 'cs_1',
  currency: 'usd',
  created: at - 60,
  amount_total: 11_900,
  total_details: { amount_discount: 500, amount_shipping: 900, amount_tax: 1_000 },
  payment_status: 'paid',
  payment_intent: 'pi_1',
  invoice: null,
  customer: 'cus_1',
  customer_details: { email: 'Giulia@Trattoria.example', name: 'Giulia Conti' },
  metadata: { quotaline_deal: 'CRM-1180', quotaline_account: 'A-31' },
  ...more,
});
const invoice = (more: object = {}) => ({
  id: 'in_1',
  number: 'PP-0001',
  currency: 'usd',
  created: at - 5,
  total: 11_900,
  amount_paid: 11_900,
  tax: 1_900,
  payment_intent: 'pi_1',
  total_discount_amounts: [],
  status_transitions: { paid_at: at },
  customer: 'cus_1',
  lines: {
    data: [
      {
        id: 'il_1',
        description: 'Pasta subscription',
        quantity: 4,
        amount: 10_000,
        price: { id: 'price_1' },
      },
    ],
  },
  metadata: {},
  ...more,
});
const refund = (more: object = {}) => ({
  id: 're_1',
  currency: 'usd',
  created: at + 3_600,
  amount: 5_950,
  status: 'succeeded',
  charge: 'ch_1',
  payment_intent: 'pi_1',
  metadata: {},
  ...more,
});
const paid = reads('stripe', 'payment_intent.succeeded', event(intent()));
const checkedOut = reads('stripe', 'checkout.session.completed', event(session()));
const invoiced = reads('stripe', 'invoice.paid', event(invoice()));
const refunded = reads('stripe', 'refund.created', event(refund()));

describe('a payment by Stripe', () => {
  it('is one order, whatever of checkout, payment intent and refund tells it', () => {
    expect(folded('stripe', [paid, checkedOut, refunded]).map(({ externalId }) => externalId)).toEqual([
      'pi_1',
    ]);
  });

  test.prop([
    fc.shuffledSubarray([paid, checkedOut, refunded, paid, checkedOut, refunded], { minLength: 6 }),
  ])('is as the checkout tells it, in every order of arrival', (messages: readonly OrderMessage[]) => {
    const [order] = folded('stripe', messages);
    expect(order?.snapshot).toMatchObject({
      net: usd(10_000),
      discounts: usd(500),
      tax: usd(1_000),
      shipping: usd(900),
      total: usd(11_900),
      customer: { email: 'giulia@trattoria.example', name: 'Giulia Conti' },
      dealRef: { externalId: 'CRM-1180' },
      accountRef: 'A-31',
    });
    // Half of the total, and so half of the goods.
    expect(order?.refunds).toMatchObject([{ externalId: 're_1', total: usd(5_950), net: usd(5_000) }]);
  });

  test.prop([fc.shuffledSubarray([paid, invoiced, refunded], { minLength: 3 })])(
    'is as its invoice tells it, where there is one',
    (messages: readonly OrderMessage[]) => {
      const orders = folded('stripe', messages);
      expect(orders).toHaveLength(1);
      expect(orders[0]?.snapshot).toMatchObject({
        number: 'PP-0001',
        net: usd(10_000),
        tax: usd(1_900),
        lines: [{ quantity: 4, unitPrice: usd(2_500), net: usd(10_000) }],
      });
    },
  );

  it('is told by the invoice where a checkout starts a subscription', () => {
    const subscribed = event(session({ payment_intent: null, invoice: 'in_1' }));
    expect(reads('stripe', 'checkout.session.completed', subscribed).kind).toBe('irrelevant');
  });

  it('is told by the payment intent where the invoice no longer names it', () => {
    const { payment_intent: _, ...later } = invoice();
    expect(reads('stripe', 'invoice.paid', event(later)).kind).toBe('irrelevant');
    const free = reads('stripe', 'invoice.paid', event({ ...later, total: 0, tax: 0, amount_paid: 0 }));
    expect(snapshotIn(free)).toMatchObject({ externalId: 'in_1', total: usd(0) });
  });

  it('is no order before it is paid', () => {
    const unpaid = event(session({ payment_status: 'unpaid' }));
    expect(reads('stripe', 'checkout.session.completed', unpaid).kind).toBe('irrelevant');
  });

  it('is a test outside live mode', () => {
    expect(snapshotIn(reads('stripe', 'payment_intent.succeeded', event(intent(), at, false))).test).toBe(
      true,
    );
    expect(snapshotIn(paid).test).toBe(false);
  });

  it.each([
    ['jpy', 11_900, { amount: 11_900, currency: 'JPY' }],
    ['kwd', 11_900, { amount: 11_900, currency: 'KWD' }],
    ['mga', 500, { amount: 50_000, currency: 'MGA' }],
    ['isk', 500, { amount: 5, currency: 'ISK' }],
    ['ugx', 50_000, { amount: 500, currency: 'UGX' }],
    ['eur', 500, { amount: 500, currency: 'EUR' }],
  ])('in %s of %i is what Stripe means by it', (currency, amount, expected) => {
    const message = reads(
      'stripe',
      'payment_intent.succeeded',
      event(intent({ currency, amount_received: amount })),
    );
    expect(snapshotIn(message).total).toEqual(expected);
  });
});

describe('money that Stripe gives back', () => {
  it('counts once, told by the charge, the refund and its update', () => {
    const charge = {
      ...refund({ id: 'ch_1', amount: 11_900 }),
      captured: true,
      refunds: { data: [refund({ id: 're_0', created: at }), refund()] },
    };
    const messages = [
      checkedOut,
      reads('stripe', 'charge.refunded', event(charge)),
      refunded,
      reads('stripe', 'charge.refund.updated', event(refund())),
      reads('stripe', 'refund.updated', event(refund())),
    ];
    expect(folded('stripe', messages)[0]?.refunds).toHaveLength(1);
  });

  it.each(['pending', 'failed', 'canceled', 'requires_action'])('is not counted while it is %s', (status) => {
    expect(reads('stripe', 'refund.updated', event(refund({ status }))).kind).toBe('irrelevant');
  });

  it('is taken from the payment when a dispute is lost, and not when it is won', () => {
    const dispute = (status: string) => event(refund({ id: 'dp_1', status }));
    expect(reads('stripe', 'charge.dispute.closed', dispute('lost'))).toMatchObject({
      kind: 'refund',
      orderExternalId: 'pi_1',
      refund: { externalId: 'dp_1', total: usd(5_950) },
    });
    expect(reads('stripe', 'charge.dispute.closed', dispute('won')).kind).toBe('irrelevant');
  });
});

describe('Stripe’s other events', () => {
  it.each(['customer.created', 'payment_link.created', ''])('such as “%s” count for nothing', (topic) => {
    expect(reads('stripe', topic, event({})).kind).toBe('irrelevant');
  });

  it('are kept with the place that is missing', () => {
    const broken = event(intent({ amount_received: undefined }));
    expect(() => reads('stripe', 'payment_intent.succeeded', broken)).toThrow(
      '/data/object/amount_received is required',
    );
  });
});
