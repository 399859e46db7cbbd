import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { binOf, quantile } from '../../../shared/statistics/sketch.ts';

const sketchOf = (values: readonly number[]) => {
  const bins: Record<string, number> = {};
  for (const value of values) bins[binOf(value)] = (bins[binOf(value)] ?? 0) + 1;
  return bins;
};

const exactQuantile = (values: readonly number[], q: number) => {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const lower = sorted[Math.floor(rank)] ?? 0;
  return lower + ((sorted[Math.ceil(rank)] ?? 0) - lower) * (rank - Math.floor(rank));
};

const wholes = fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2 ** 50 })), {
  minLength: 1,
});

describe('the quantile sketch', () => {
  test.prop([wholes, fc.double({ min: 0, max: 1, noNaN: true })])(
    'is within half a per cent of the exact quantile',
    (values, q) => {
      const exact = exactQuantile(values, q);
      expect(Math.abs((quantile(sketchOf(values), q) ?? NaN) - exact)).toBeLessThanOrEqual(
        exact * 0.005 + 1e-9,
      );
    },
  );

  it('answers whole values below 100 exactly', () => {
    for (let value = 0; value < 100; value += 1) expect(quantile(sketchOf([value]), 0.5)).toBe(value);
  });

  it('takes the mean of the two in the middle of an even count', () => {
    expect(quantile(sketchOf([10, 20]), 0.5)).toBe(15);
  });

  it('forgets what was taken away again', () => {
    const bins = sketchOf([10, 90]);
    expect(quantile({ ...bins, [binOf(90)]: 0 }, 0.9)).toBe(10);
  });

  it('has no quantile when empty, and holds nothing negative', () => {
    expect(quantile({}, 0.5)).toBeNull();
    expect(() => binOf(-1)).toThrow(RangeError);
    expect(() => binOf(NaN)).toThrow(RangeError);
  });
});
