import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { convert, fromMajor, InvalidAmount, negateMoney, toMajor } from '../../../shared/money/arithmetic.ts';
import { exponentOf, isCurrency } from '../../../shared/money/currencies.ts';
import { Currency, Money } from '../../../shared/money/money.ts';

const USD = Currency.parse('USD');
const JPY = Currency.parse('JPY');
const BHD = Currency.parse('BHD');
const usd = (amount: number) => ({ amount, currency: USD });
const amounts = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
const currencies = fc.constantFrom(USD, JPY, BHD);

describe('currencies', () => {
  it('knows the decimal places of ISO 4217, those of MGA and MRU too', () => {
    expect(['USD', 'JPY', 'BHD', 'CLF', 'MGA', 'MRU', 'HUF'].map(exponentOf)).toEqual([2, 0, 3, 4, 2, 2, 2]);
  });

  it('knows no currency by another name', () => {
    expect(['usd', 'US$', '', 'XYZ', '__proto__', 'constructor'].map(isCurrency)).not.toContain(true);
    expect(() => exponentOf('XYZ')).toThrow(RangeError);
    expect(Money.safeParse({ amount: 1, currency: 'XYZ' }).success).toBe(false);
  });
});

describe('amounts', () => {
  it('never makes a negative zero', () => {
    expect(Object.is(negateMoney(usd(0)).amount, 0)).toBe(true);
  });

  test.prop([amounts, currencies])('major units read back as the same amount', (amount, currency) => {
    const money = { amount, currency };
    expect(fromMajor(toMajor(money), currency)).toEqual(money);
  });

  it.each([
    ['1054', 105_400],
    ['12.5', 1250],
    ['-0.05', -5],
    ['12.500', 1250],
  ])('reads %s dollars as %i cents', (text, amount) => {
    expect(fromMajor(text, USD)).toEqual(usd(amount));
  });

  it.each(['', '12.345', '1,000', '1e3', 'NaN', '0x10', '--1', '99999999999999999999'])(
    'refuses "%s" dollars',
    (text) => {
      expect(() => fromMajor(text, USD)).toThrow(InvalidAmount);
    },
  );
});

describe('conversion at a frozen rate', () => {
  it.each([
    [1, '0.5', 0],
    [3, '0.5', 2],
    [5, '0.5', 2],
    [-1, '0.5', 0],
    [-3, '0.5', -2],
    [100, '1.0832', 108],
  ])('turns %i at %s into %i, a half to even', (amount, rate, expected) => {
    expect(convert(usd(amount), rate, USD).amount + 0).toBe(expected);
  });

  it('moves between currencies of different minor units', () => {
    expect(convert(usd(1000), '150', JPY)).toEqual({ amount: 1500, currency: JPY });
    expect(convert({ amount: 1500, currency: JPY }, '0.0066', USD)).toEqual(usd(990));
    expect(convert(usd(100), '0.377', BHD)).toEqual({ amount: 377, currency: BHD });
  });

  it.each(['', '0', '-1', '1e2', 'abc'])('refuses the rate "%s"', (rate) => {
    expect(() => convert(usd(1), rate, JPY)).toThrow(InvalidAmount);
  });

  test.prop([amounts, fc.integer({ min: 1, max: 10_000_000 })])(
    'is at most half a unit away, and alike for both signs',
    (amount, millionths) => {
      const rate = (millionths / 1_000_000).toFixed(6);
      const converted = convert(usd(amount), rate, USD).amount;
      const twiceOff = 2n * (BigInt(converted) * 1_000_000n - BigInt(amount) * BigInt(millionths));
      expect(twiceOff <= 1_000_000n && twiceOff >= -1_000_000n).toBe(true);
      expect(convert(usd(-amount), rate, USD).amount + converted).toBe(0);
    },
  );
});
