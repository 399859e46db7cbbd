import * as z from 'zod';
import { Currency } from '../../../../shared/money/money.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { Digits, Optional, Quantity, When } from './payload.ts';

const Text = z.string().nullish();

const MoneySet = z
  .object({
    shop_money: z.object({ amount: Digits }),
    presentment_money: z.object({ amount: Digits, currency_code: Currency }).optional(),
  })
  .nullish();

const TaxLine = z.object({ price: Digits });

export const ShopifyRefund = z.object({
  id: Digits,
  order_id: Digits.nullish(),
  created_at: When,
  processed_at: When,
  refund_line_items: z
    .array(
      z.object({
        subtotal: Digits,
        subtotal_set: MoneySet,
        total_tax: Digits.nullish(),
        total_tax_set: MoneySet,
      }),
    )
    .default([]),
  transactions: z.array(z.object({ amount: Digits, kind: z.string(), status: z.string() })).default([]),
  order_adjustments: z
    .array(z.object({ kind: Text, amount: Digits, tax_amount: Digits.nullish() }))
    .nullish(),
});

export type ShopifyRefund = z.infer<typeof ShopifyRefund>;

export const ShopifyOrder = z.object({
  id: Digits,
  name: z.string(),
  currency: Currency,
  test: z.boolean().default(false),
  taxes_included: z.boolean().default(false),
  financial_status: Text,
  created_at: Instant,
  processed_at: When,
  updated_at: When,
  cancelled_at: When,
  source_name: Text,
  total_line_items_price: Digits,
  subtotal_price: Digits,
  total_tax: Digits,
  total_price: Digits,
  total_price_set: MoneySet,
  total_shipping_price_set: MoneySet,
  presentment_currency: Currency.nullish(),
  email: Optional,
  customer: z
    .object({
      id: Digits,
      email: Optional,
      first_name: Optional,
      last_name: Optional,
      default_address: z.object({ company: Optional }).nullish().catch(undefined),
    })
    .nullish(),
  note_attributes: z
    .array(z.object({ name: Optional, value: Optional }))
    .nullish()
    .catch(undefined),
  line_items: z.array(
    z.object({
      id: Digits,
      title: z.string(),
      sku: Text,
      quantity: Quantity,
      price: Digits,
      discount_allocations: z.array(z.object({ amount: Digits })).default([]),
      tax_lines: z.array(TaxLine).default([]),
    }),
  ),
  refunds: z.array(ShopifyRefund).default([]),
});
export type ShopifyOrder = z.infer<typeof ShopifyOrder>;

/** What a deletion leaves to be told. */
export const Deletion = z.object({ id: Digits });

/** A refund that comes without its order, and so must name its currency itself. */
export const LoneRefund = ShopifyRefund.extend({
  order_id: Digits,
  refund_line_items: z
    .array(
      ShopifyRefund.shape.refund_line_items.unwrap().element.extend({
        subtotal_set: z
          .object({ shop_money: z.object({ amount: Digits, currency_code: Currency }) })
          .nullish(),
      }),
    )
    .default([]),
  transactions: z
    .array(
      z.object({
        amount: Digits,
        kind: z.string(),
        status: z.string(),
        currency: Currency.nullish(),
      }),
    )
    .default([]),
  total_duties_set: z.object({ shop_money: z.object({ currency_code: Currency }) }).nullish(),
});
