import { toMajor } from './arithmetic.ts';
import { exponentOf } from './currencies.ts';
import type { SignedMoney } from './money.ts';

const formats = new Map<string, Intl.NumberFormat>();

const formatFor = (locale: string, currency: string): Intl.NumberFormat => {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const digits = exponentOf(currency);
  const made = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(key, made);
  return made;
};

/** For people: `$1,299.00`. Exact for every amount, as it goes through a decimal text, not a float. */
export const formatMoney = (money: SignedMoney, locale = 'en-US'): string =>
  formatFor(locale, money.currency).format(toMajor(money) as Intl.StringNumericLiteral);
