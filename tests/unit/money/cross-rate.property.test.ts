import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convert, crossRate } from '../../../shared/money/arithmetic.ts';
import { Currency } from '../../../shared/money/money.ts';

const [eur, usd, gbp] = ['EUR', 'USD', 'GBP'].map((code) => Currency.parse(code)) as [
  Currency,
  Currency,
  Currency,
];

/** A decimal above zero with up to six digits before and after the point. */
const rate = fc
  .tuple(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 1, max: 999_999 }))
  .map(([whole, fraction]) => `${String(whole)}.${String(fraction).padStart(6, '0')}`);

describe('a rate over another currency', () => {
  it.each([
    ['1', '1.25', '0.8'],
    ['1.25', '1.25', '1'],
    ['150', '0.5', '300'],
    ['1', '3', '0.33333333333333333333'],
    ['0.0000001', '1000000', '0.0000000000001'],
  ])('is %s ÷ %s = %s', (from, through, result) => {
    expect(crossRate(from, through)).toBe(result);
  });

  it.each(['0', '-1', 'x'])('is none over a rate of %s', (through) => {
    expect(() => crossRate('1', through)).toThrow('not two exchange rates');
  });

  it('leads there and back to within what the smallest unit of the other currency is worth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), rate, rate, (amount, a, b) => {
        // More can't be kept exactly, and is refused.
        fc.pre(amount * Number(crossRate(a, b)) < Number.MAX_SAFE_INTEGER / 2);
        const there = convert({ amount, currency: usd }, crossRate(a, b), eur);
        const back = convert(there, crossRate(b, a), usd);
        const worthOfUnit = Number(crossRate(b, a));
        expect(Math.abs(back.amount - amount)).toBeLessThanOrEqual(Math.ceil(worthOfUnit / 2 + 1));
      }),
    );
  });

  it('comes to the same over any third currency, to the last unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), fc.integer({ min: 1, max: 999 }), (amount, n) => {
        const scaled = (rateText: string) => String(Number(rateText) * n);
        const money = { amount, currency: gbp };
        expect(convert(money, crossRate(scaled('1.5'), scaled('1.25')), eur)).toEqual(
          convert(money, crossRate('1.5', '1.25'), eur),
        );
      }),
    );
  });
});
