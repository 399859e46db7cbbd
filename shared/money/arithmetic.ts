import { Unprocessable } from '../errors/errors.ts';
import { exponentOf } from './currencies.ts';
import type { Currency, SignedMoney } from './money.ts';

/** A text that is no amount of the currency. */
export class InvalidAmount extends Unprocessable {}

/** BigInt → number; throws `InvalidAmount` where the number can no longer be exact. */
export const exact = (amount: bigint): number => {
  const number = Number(amount);
  if (!Number.isSafeInteger(number))
    throw new InvalidAmount(`${String(amount)} minor units are beyond what can be kept exactly.`);
  return number;
};

/** Nearest integer to numerator ÷ denominator (> 0); a half goes to the even neighbour. */
export const divideHalfEven = (numerator: bigint, denominator: bigint): bigint => {
  const sign = numerator < 0n ? -1n : 1n;
  const absolute = numerator * sign;
  const quotient = absolute / denominator;
  const twiceRest = 2n * (absolute % denominator);
  const up = twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n);
  return sign * (up ? quotient + 1n : quotient);
};

const parseDecimal = (text: string): { readonly digits: bigint; readonly decimals: number } | undefined => {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, decimals: fraction.length };
};

export const negateMoney = ({ amount, currency }: SignedMoney): SignedMoney => ({
  amount: amount === 0 ? 0 : -amount,
  currency,
});

/**
 * `rate` is how many major units of `to` one major unit of the money's currency buys, as a decimal text. Rounds half to
 * even. Throws `InvalidAmount` on a rate that is no positive decimal.
 */
export const convert = (money: SignedMoney, rate: string, to: Currency): SignedMoney => {
  const parsed = parseDecimal(rate);
  if (parsed === undefined || parsed.digits <= 0n) {
    throw new InvalidAmount(`${rate} is not an exchange rate; write a decimal above zero, such as 1.0832.`);
  }
  const shift = exponentOf(to) - exponentOf(money.currency) - parsed.decimals;
  const product = BigInt(money.amount) * parsed.digits;
  const amount = shift >= 0 ? product * 10n ** BigInt(shift) : divideHalfEven(product, 10n ** BigInt(-shift));
  return { amount: exact(amount), currency: to };
};

/** Digits of a rate that is worked out; beyond what any amount that can be kept exactly shows. */
const RATE_DIGITS = 20;

/**
 * The rate that results from two rates into the same currency: what one unit of the first one's currency is worth in the
 * second one's. Both are decimals above zero; the quotient has twenty significant digits or more, the last one half-even.
 */
export const crossRate = (rate: string, through: string): string => {
  const [numerator, denominator] = [parseDecimal(rate), parseDecimal(through)];
  if (
    numerator === undefined ||
    denominator === undefined ||
    numerator.digits <= 0n ||
    denominator.digits <= 0n
  )
    throw new InvalidAmount(`${rate} and ${through} are not two exchange rates; write decimals above zero.`);
  const lost = String(denominator.digits).length - String(numerator.digits).length;
  const decimals = Math.max(0, RATE_DIGITS + lost + numerator.decimals - denominator.decimals);
  const shift = decimals + denominator.decimals - numerator.decimals;
  const scaled =
    shift >= 0
      ? divideHalfEven(numerator.digits * 10n ** BigInt(shift), denominator.digits)
      : divideHalfEven(numerator.digits, denominator.digits * 10n ** BigInt(-shift));
  const text = String(scaled).padStart(decimals + 1, '0');
  if (decimals === 0) return text;
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`.replace(/\.?0+$/, '');
};

/** `fromMajor('12.5', USD)` is 1250 minor units. Throws `InvalidAmount` on anything that it can't keep to the last digit. */
export const fromMajor = (text: string, currency: Currency): SignedMoney => {
  const parsed = parseDecimal(text);
  if (parsed === undefined) throw new InvalidAmount(`“${text}” is not an amount; write it as 1234.50.`);
  const exponent = exponentOf(currency);
  const surplus = parsed.decimals - exponent;
  if (surplus <= 0) return { amount: exact(parsed.digits * 10n ** BigInt(-surplus)), currency };
  const unit = 10n ** BigInt(surplus);
  if (parsed.digits % unit !== 0n) {
    throw new InvalidAmount(`“${text}” has more decimals than ${currency} has (${exponent}).`);
  }
  return { amount: exact(parsed.digits / unit), currency };
};

/**
 * `nearestFromMajor('3.3351', USD)` is 334 minor units, a half going to the even neighbour: for what is reckoned with more decimals than
 * the currency has. Also takes `1.5e2`, as some write numbers. Throws `InvalidAmount` on what is no amount.
 */
export const nearestFromMajor = (text: string, currency: Currency): SignedMoney => {
  const match = /^([+-]?\d+(?:\.\d+)?)(?:[eE]([+-]?\d{1,2}))?$/.exec(text.trim());
  const parsed = match?.[1] === undefined ? undefined : parseDecimal(match[1]);
  if (parsed === undefined) throw new InvalidAmount(`“${text}” is not an amount; write it as 1234.50.`);
  const shift = exponentOf(currency) + Number(match?.[2] ?? 0) - parsed.decimals;
  const amount =
    shift >= 0 ? parsed.digits * 10n ** BigInt(shift) : divideHalfEven(parsed.digits, 10n ** BigInt(-shift));
  return { amount: exact(amount), currency };
};

/** One of `by` (a whole number above zero) equal parts, to the nearest minor unit, half to even. */
export const divideMoney = ({ amount, currency }: SignedMoney, by: number): SignedMoney => ({
  amount: exact(divideHalfEven(BigInt(amount), BigInt(by))),
  currency,
});

/** The amount in major units, with all decimals of its currency: `12.50`. */
export const toMajor = ({ amount, currency }: SignedMoney): string => {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  const sign = amount < 0 ? '-' : '';
  return exponent === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};
