import * as z from 'zod';
import { Currency } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';

/**
 * What a shop without an adapter of its own sends. Amounts are whole minor units of the order's currency (cents), without
 * tax unless it says otherwise. An unknown field is an error, for a mistyped `paidAt` would leave an order unpaid.
 */

const Id = z.union([z.string().min(1).max(200), z.int()]).describe('The shop’s own id.');
const Text = z.string().max(500);
const Minor = z.int().min(0).describe('Minor units of the order’s currency.');

export const CustomLine = z.strictObject({
  id: Id.optional().describe('The line’s number unless given.'),
  sku: z.string().max(100).optional(),
  title: Text,
  quantity: z.int().min(0),
  unitPrice: Minor.describe('Of one, without tax, before discounts.'),
  discount: Minor.optional().describe('Off the whole line.'),
});

export const CustomRefund = z.strictObject({
  id: Id.describe('Tells refunds apart: a refund that comes again counts once.'),
  at: Instant.optional().describe('When money was given back; the time of the delivery unless given.'),
  total: Minor.describe('All that was given back.'),
  net: Minor.optional().describe(
    'Of it what was given back for goods; in proportion to the order unless given.',
  ),
});

const CustomCustomer = z.strictObject({
  id: Id.optional().describe('Left out for guests.'),
  email: Text.optional(),
  name: Text.optional(),
  company: Text.optional(),
  taxId: Text.optional(),
});

export const CustomOrder = z.strictObject({
  id: Id,
  number: Text.optional().describe('As people know it; the id unless given.'),
  currency: Currency,
  placedAt: Instant,
  updatedAt: Instant.describe('The newest state of an order counts, whatever the order of arrival.'),
  paidAt: Instant.optional().describe('Only a paid order is revenue.'),
  cancelledAt: Instant.optional(),
  test: z.boolean().optional().describe('Shown, and counted nowhere.'),
  channel: Text.optional(),
  lines: z.array(CustomLine).max(5_000),
  discount: Minor.optional().describe('Off the whole order, beside those of its lines.'),
  tax: Minor.optional(),
  shipping: Minor.optional(),
  total: Minor.optional().describe('Lines less discounts, with tax and shipping, unless given.'),
  refunds: z.array(CustomRefund).max(500).optional(),
  customer: CustomCustomer.optional(),
  deal: Text.optional().describe('The deal that the order closes: its id here, or its externalId.'),
  account: Text.optional().describe('The external id of the account that it is from.'),
});
export type CustomOrder = z.infer<typeof CustomOrder>;

/** The body of a webhook of a `custom` store. */
export const CustomDelivery = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z
        .literal('order.changed')
        .describe('An order as it stands now: new, paid, changed or cancelled.'),
      order: CustomOrder,
    }),
    z.strictObject({
      type: z.literal('order.refunded').describe('A refund by itself.'),
      orderId: Id,
      currency: Currency,
      refund: CustomRefund,
    }),
    z.strictObject({
      type: z.literal('order.deleted').describe('An order that never was; it does not come back.'),
      orderId: Id,
    }),
  ])
  .meta({ id: 'CustomStoreDelivery' });

export const customExample = {
  type: 'order.changed',
  order: {
    id: 'W-2041',
    number: '2041',
    currency: 'EUR',
    placedAt: '2026-11-23T09:30:00Z',
    updatedAt: '2026-11-23T09:31:12Z',
    paidAt: '2026-11-23T09:31:10Z',
    lines: [{ sku: 'PEN-500', title: 'Penne 500 g', quantity: 40, unitPrice: 185, discount: 400 }],
    tax: 490,
    shipping: 1250,
    customer: { id: 'C-77', email: 'buyer@trattoria.example', company: 'Trattoria da Giulia' },
    deal: 'CRM-1180',
    account: 'A-31',
  },
} as const satisfies z.input<typeof CustomDelivery>;
