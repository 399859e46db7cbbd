import { exponentOf } from '../../../../shared/money/currencies.ts';
import type { Currency, Money } from '../../../../shared/money/money.ts';
import { nearest } from './amounts.ts';

/** Whole units in Stripe, whatever ISO 4217 says. Source: Stripe, “Supported currencies”, zero-decimal currencies. */
const ZERO_DECIMAL = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
/** Without decimals in ISO 4217, and yet written with two by Stripe (its special cases). */
const TWO_DECIMAL = new Set(['ISK', 'UGX']);

const stripeExponent = (currency: Currency): number =>
  ZERO_DECIMAL.has(currency) ? 0 : TWO_DECIMAL.has(currency) ? 2 : exponentOf(currency);

/** Stripe's amount, a whole number of its own smallest unit, in ISO 4217's minor units. A minus is taken for zero. */
export const stripeMoney = (digits: string, currency: Currency, place: string): Money =>
  nearest(`${digits}e-${String(stripeExponent(currency))}`, currency, place);
