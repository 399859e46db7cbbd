import * as z from 'zod';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import type { LineItem as LineItemSchema } from '../../../shared/events/deals.ts';
import { ProductId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { shareOf } from '../../../shared/money/share.ts';
import { splitByWeights } from '../../../shared/money/split.ts';

export type LineItem = z.infer<typeof LineItemSchema>;

/** Basis points that are the whole. */
const FULL = 10_000;

/** What is taken off quantity × unit price: a share in basis points (10,000 is all of it), or an amount. */
const DiscountInput = z.union([
  z.strictObject({ basisPoints: z.int().min(0) }),
  z.strictObject({ money: Money }),
]);

/** A line as callers give it. What is left out follows: the price from the product, the amount from price × quantity − discount. */
export const LineItemInput = z.strictObject({
  productId: ProductId,
  quantity: z.int().min(1).max(1_000_000).default(1),
  unitPrice: Money.optional(),
  discount: DiscountInput.optional().describe('In basis points, or as money; 100 % at most.'),
  amount: Money.optional().describe('After discount; quantity × unitPrice − discount unless given.'),
});
export type LineItemInput = z.infer<typeof LineItemInput>;

export const LineItems = z.array(LineItemInput).max(20, 'must be 20 at most');

/** What a line needs of a product. */
export interface Priced {
  readonly listPrice?: Money | undefined;
}

/** @throws Unprocessable naming every line whose product there is not, that has no price at all, or takes off more than there is */
export const lineItemsFrom = (
  inputs: readonly LineItemInput[],
  products: ReadonlyMap<string, Priced>,
): LineItem[] => {
  const lines = inputs.map((input, index) => lineFrom(input, products.get(input.productId), index));
  const errors = lines.filter((line) => 'path' in line);
  if (errors.length > 0) throw new Unprocessable('Some line items can’t be taken in.', errors);
  return lines.filter((line) => 'productId' in line);
};

const lineFrom = (
  { productId, quantity, unitPrice, discount, amount }: LineItemInput,
  product: Priced | undefined,
  index: number,
): LineItem | InputError => {
  const path = `/lineItems/${index}`;
  if (product === undefined)
    return { path: `${path}/productId`, message: `there is no product ${productId}` };
  const { listPrice } = product;
  const price = unitPrice ?? listPrice ?? (amount && perUnit(amount, quantity));
  if (price === undefined)
    return { path: `${path}/unitPrice`, message: 'is required: the product has no list price' };
  const gross = { ...price, amount: price.amount * quantity };
  if (!Number.isSafeInteger(gross.amount)) return { path, message: 'comes to more than can be kept exactly' };
  const off = discount && takenOff(discount, gross, `${path}/discount`);
  if (off !== undefined && 'path' in off) return off;
  const total = amount ?? { ...gross, amount: gross.amount - (off?.amount ?? 0) };
  if (total.currency !== price.currency)
    return { path: `${path}/amount/currency`, message: `must be ${price.currency}, as the unit price` };
  if (off !== undefined && total.amount !== gross.amount - off.amount)
    return {
      path: `${path}/amount/amount`,
      message: `must be ${gross.amount - off.amount}, which the discount leaves, or be left out`,
    };
  return {
    productId,
    quantity,
    ...(listPrice?.currency === price.currency && { listPrice }),
    unitPrice: price,
    ...(off !== undefined && { discount: off }),
    ...(discount && 'basisPoints' in discount && { discountBasisPoints: discount.basisPoints }),
    amount: total,
  };
};

/** Half-even to the minor unit. */
const takenOff = (
  discount: z.output<typeof DiscountInput>,
  gross: Money,
  path: string,
): Money | InputError => {
  if ('basisPoints' in discount)
    return discount.basisPoints > FULL
      ? { path: `${path}/basisPoints`, message: `must be ${FULL} at most, which is 100 %` }
      : { amount: shareOf(gross.amount, discount.basisPoints, FULL), currency: gross.currency };
  const { money } = discount;
  if (money.currency !== gross.currency)
    return { path: `${path}/money/currency`, message: `must be ${gross.currency}, as the unit price` };
  return money.amount > gross.amount
    ? { path: `${path}/money/amount`, message: `must be ${gross.amount} at most, which is 100 % of the line` }
    : money;
};

/** What is asked for a quantity of one; of an amount that can't be shared out evenly, the nearest. */
const perUnit = ({ amount, currency }: Money, quantity: number): Money => ({
  amount: shareOf(amount, 1, quantity),
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
    ...priced(line, { amount: shares[index] ?? 0, currency: amount.currency }),
  }));
};

/** The line at another amount: what that leaves of quantity × unit price is its discount, if anything. */
const priced = (
  { discount, discountBasisPoints, amount: _former, ...line }: LineItem,
  amount: Money,
): LineItem => {
  const off = line.unitPrice.amount * line.quantity - amount.amount;
  if (discount === undefined || off < 0) return { ...line, amount };
  const isSame = off === discount.amount && discountBasisPoints !== undefined;
  return {
    ...line,
    discount: { ...discount, amount: off },
    ...(isSame && { discountBasisPoints }),
    amount,
  };
};
