import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type Scale, valueOf } from '../../../../services/deals/domain/feedback.ts';

const scales: readonly (readonly [Scale, number, number])[] = [
  ['1-5', 1, 5],
  ['1-7', 1, 7],
  ['1-10', 1, 10],
  ['0-100', 0, 100],
];

describe.each(scales)('a CSAT score on %s', (scale, min, max) => {
  const value = (score: number) => valueOf({ kind: 'csat', score, scale });

  test('has its ends on the ends of 1–5, and its middle on 3', () => {
    expect([value(min), value(max)]).toEqual([1, 5]);
    expect(value(Math.round((min + max) / 2))).toBe(3);
  });

  test.prop([fc.integer({ min, max }), fc.integer({ min, max })])(
    'is never mapped below a lower one',
    (a, b) => {
      const [low, high] = [value(Math.min(a, b)), value(Math.max(a, b))];
      expect(low).toBeLessThanOrEqual(high);
      expect([1, 2, 3, 4, 5]).toContain(low);
    },
  );

  test.prop([fc.integer({ min, max })])('is mapped to the nearest in proportion', (score) => {
    const exact = 1 + (4 * (score - min)) / (max - min);
    expect(Math.abs(value(score) - exact)).toBeLessThanOrEqual(0.5);
  });
});
