import * as z from 'zod';
import { isCurrency } from './currencies.ts';

/** An ISO 4217 code. */
export const Currency = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 currency code such as USD')
  .brand<'Currency'>();
export type Currency = z.infer<typeof Currency>;

const MinorUnits = z.int('must be a whole number of minor units (cents), within ±9,007,199,254,740,991');

/** An amount that may be negative, in integer minor units of its currency. */
export const SignedMoney = z.strictObject({ amount: MinorUnits, currency: Currency });
export type SignedMoney = z.infer<typeof SignedMoney>;

/** An amount of zero or more, in integer minor units of its currency. */
export const Money = z.strictObject({
  amount: MinorUnits.min(0, 'must not be negative'),
  currency: Currency,
});
export type Money = z.infer<typeof Money>;
