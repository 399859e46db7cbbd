import * as z from 'zod';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import type { LineItem as LineItemSchema } from '../../../shared/events/deals.ts';
import { ProductId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { splitByWeights } from '../../../shared/money/split.ts';

export type LineItem = z.infer<typeof LineItemSchema>;

/** A line as callers give it. What is left out follows: the price from the product, the amount from price × quantity. */
export const LineItemInput = z.strictObject({
  productId: ProductId,
  quantity: z.int().min(1).max(1_000_000).default(1),
  unitPrice: Money.optional(),
  amount: Money.optional().describe('After discount; quantity × unitPrice unless given.'),
});
export type LineItemInput = z.infer<typeof LineItemInput>;

export const LineItems = z.array(LineItemInput).max(20, 'must be 20 at most');

/** What a line needs of a product. */
export interface Priced {
  readonly listPrice?: Money | undefined;
}

/** @throws Unprocessable naming every line whose product there is not, or that has no price at all */
export const lineItemsFrom = (
  inputs: readonly LineItemInput[],
  products: ReadonlyMap<string, Priced>,
): LineItem[] => {
  const lines = inputs.map(({ productId, quantity, unitPrice, amount }, index): LineItem | InputError => {
    const product = products.get(productId);
    const path = `/lineItems/${index}`;
    if (product === undefined)
      return { path: `${path}/productId`, message: `there is no product ${productId}` };
    const price = unitPrice ?? product.listPrice ?? (amount && perUnit(amount, quantity));
    if (price === undefined)
      return { path: `${path}/unitPrice`, message: 'is required: the product has no list price' };
    const total = amount ?? { ...price, amount: price.amount * quantity };
    if (total.currency !== price.currency)
      return { path: `${path}/amount/currency`, message: `must be ${price.currency}, as the unit price` };
    if (!Number.isSafeInteger(total.amount))
      return { path, message: 'comes to more than can be kept exactly' };
    return { productId, quantity, unitPrice: price, amount: total };
  });
  const errors = lines.filter((line) => 'path' in line);
  if (errors.length > 0) throw new Unprocessable('Some line items can’t be taken in.', errors);
  return lines.filter((line) => 'productId' in line);
};

const perUnit = ({ amount, currency }: Money, quantity: number): Money => ({
  amount: Math.round(amount / quantity),
  currency,
});

/** Undefined without lines. @throws Unprocessable for lines in several currencies */
export const sumOf = (lines: readonly LineItem[]): Money | undefined => {
  const currency = lines[0]?.amount.currency;
  if (currency === undefined) return undefined;
  const other = lines.findIndex((line) => line.amount.currency !== currency);
  if (other >= 0)
    throw new Unprocessable('The line items are in several currencies.', [
      { path: `/lineItems/${other}/unitPrice/currency`, message: `must be ${currency}, as the first line’s` },
    ]);
  return { amount: lines.reduce((sum, line) => sum + line.amount.amount, 0), currency };
};

/**
 * The lines of a deal that closed at another amount than they add up to: the difference is spread in proportion, so
 * that products still add up to the deal. Lines worth nothing share by quantity.
 */
export const spreadOver = (lines: readonly LineItem[], amount: Money): LineItem[] => {
  const worth = lines.map((line) => line.amount.amount);
  const weights = worth.some((each) => each > 0) ? worth : lines.map((line) => line.quantity);
  const shares = splitByWeights(amount.amount, weights);
  return lines.map((line, index) => ({
    ...line,
    amount: { amount: shares[index] ?? 0, currency: amount.currency },
  }));
};
