import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { splitByWeights } from '../../../shared/money/split.ts';

const amounts = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
const cuts = fc
  .array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 9 })
  .map((inner) => [0, ...inner.toSorted((a, b) => a - b), 10_000])
  .map((edges) => edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0)));

const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);

describe('splitting an amount by basis points', () => {
  test.prop([amounts, cuts])('adds up to the last minor unit', (amount, points) => {
    expect(sum(splitByWeights(amount, points))).toBe(amount);
  });

  test.prop([amounts, cuts])('gives everyone the share, rounded down or up', (amount, points) => {
    for (const [index, part] of splitByWeights(amount, points).entries()) {
      const twice = BigInt(amount) * BigInt(points[index] ?? 0) - BigInt(part) * 10_000n;
      expect(twice > -10_000n && twice < 10_000n).toBe(true);
    }
  });

  test.prop([amounts, cuts])('takes back from everyone what a full refund returns', (amount, points) => {
    const back = splitByWeights(-amount, points);
    expect(splitByWeights(amount, points).map((part, index) => part + (back[index] ?? 0))).toEqual(
      points.map(() => 0),
    );
  });

  it('gives the odd cent to the largest remainder, and on a tie to the first', () => {
    expect(splitByWeights(100, [3333, 3333, 3334])).toEqual([33, 33, 34]);
    expect(splitByWeights(1, [5000, 5000])).toEqual([1, 0]);
  });

  it('refuses a share below zero', () => {
    expect(() => splitByWeights(100, [11_000, -1000])).toThrow(RangeError);
  });
});

describe('splitting an amount by weights', () => {
  test.prop([amounts, fc.array(fc.integer({ min: 0, max: 2 ** 52 }), { minLength: 1, maxLength: 9 })])(
    'adds up whatever the weights, as long as one of them weighs',
    (amount, weights) => {
      expect(sum(splitByWeights(amount, weights))).toBe(sum(weights) === 0 ? 0 : amount);
    },
  );

  it('leaves the parts as they are where they add up already', () => {
    expect(splitByWeights(1299, [1000, 299])).toEqual([1000, 299]);
  });
});
