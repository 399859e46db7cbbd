import { toMajor } from '../../../shared/money/arithmetic.ts';
import { exponentOf } from '../../../shared/money/currencies.ts';
import { Currency } from '../../../shared/money/money.ts';
import type { Day } from '../../../shared/time/instant.ts';
import type { Period } from '../../../shared/time/period.ts';
import { addDays } from '../../../shared/time/zone.ts';
import type { Alert } from '../domain/alert.ts';

const LOCALE = 'en-US';

/** Names come from people: one line, whatever they typed, so that none reaches into a mail's header. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

const characters = new Intl.Segmenter(LOCALE);

/** At most so many characters, as people count them. */
export const shortened = (text: string, most: number): string => {
  const all = Array.from(characters.segment(text), ({ segment }) => segment);
  return all.length <= most
    ? text
    : `${all
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
};

/** `$75,400`, or `$75,400.50` where there are cents. Exact: it goes through a decimal text. */
const moneyText = (amount: number, currency: Currency, sign: 'auto' | 'exceptZero'): string =>
  new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponentOf(currency),
    maximumFractionDigits: exponentOf(currency),
    trailingZeroDisplay: 'stripIfInteger',
    signDisplay: sign,
  })
    .format(toMajor({ amount, currency }) as Intl.StringNumericLiteral)
    .replace('-', '−');

const numberText = (value: number, digits: number): string =>
  new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits }).format(value).replace('-', '−');

/** A value of the goal's KPI, for people. */
export const amountText = (
  value: number | null,
  { unit, currency }: Pick<Alert, 'unit' | 'currency'>,
): string => {
  if (value === null) return 'no value';
  switch (unit) {
    case 'money':
      return currency === undefined ? numberText(value, 0) : moneyText(Math.round(value), currency, 'auto');
    case 'ratio':
      return `${numberText(value * 100, 1)} %`;
    case 'days':
      return `${numberText(value, 1)} days`;
    case 'count':
      return numberText(value, 1);
  }
};

/** What a deal or order added or took away, with its sign. Empty where it moved no money. */
export const movementText = (amount: number, currency: string | undefined): string => {
  const known = Currency.safeParse(currency);
  return amount === 0 || !known.success ? '' : moneyText(amount, known.data, 'exceptZero');
};

/** Whole percents, never rounded up: 99.9 % of a target is not all of it. */
export const percentText = (percent: number): string => `${numberText(Math.floor(percent), 0)} %`;

/** A milestone as it was set: `62.5 %`. */
export const milestoneText = (milestone: number): string => `${numberText(milestone, 2)} %`;

export const listText = (items: readonly string[]): string =>
  new Intl.ListFormat(LOCALE, { type: 'conjunction' }).format(items).replace(', and ', ' and ');

const date = (day: Day): Date => new Date(`${day}T00:00:00Z`);

/** `Q4 2026`, `November 2026`, `2026`, `Nov 1 – 15, 2026`. */
export const periodText = ({ text, kind, from, to }: Period): string => {
  switch (kind) {
    case 'month':
      return new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
        date(from),
      );
    case 'quarter':
      return `${text.slice(5)} ${text.slice(0, 4)}`;
    case 'year':
      return text;
    case 'range':
      return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' }).formatRange(
        date(from),
        date(addDays(to, -1)),
      );
  }
};

export const dayText = (day: Day): string =>
  new Intl.DateTimeFormat(LOCALE, { month: 'long', day: 'numeric', timeZone: 'UTC' }).format(date(day));
