import { describe, expect, it } from 'vitest';
import type { TerritoryRule } from '../../../shared/events/team.ts';
import { coverageOf } from '../../../shared/territories/coverage.ts';
import { rankedRules } from '../../../shared/territories/rules.ts';
import { territory } from './territories.fixture.ts';

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix} ${String(index)}`);

describe('the coverage of territories', () => {
  it('without a rule is one hole, everywhere', () => {
    expect(coverageOf([])).toMatchObject({ overlaps: [], holes: [{ revenue: { unknown: true } }] });
  });

  it('has no hole beside a rule that fits all', () => {
    const ranked = rankedRules([territory('World', [{ priority: 1 }])]);
    expect(coverageOf(ranked)).toEqual({ overlaps: [], holes: [], truncated: false });
  });

  it('does not see a short prefix exhausted by all longer ones of it', () => {
    const digits = Array.from({ length: 10 }, (_, digit) => `1${String(digit)}`);
    const ranked = rankedRules([
      territory('Digits', [{ priority: 1, postalCodePrefixes: digits }]),
      territory('One', [{ priority: 2, postalCodePrefixes: ['1'] }]),
    ]);
    expect(coverageOf(ranked).overlaps).toMatchObject([{ isShadowed: false }]);
  });

  it('is cut off after 200 overlaps, and says so', () => {
    const each = names('Territory', 30).map((name, index) => territory(name, [{ priority: index + 1 }]));
    const { overlaps, holes, truncated } = coverageOf(rankedRules(each));
    expect([overlaps.length, holes.length, truncated]).toEqual([200, 0, true]);
  });

  it('ends, whatever the rules: many of many values on every criterion', () => {
    const rule = (index: number): TerritoryRule => ({
      priority: index + 1,
      countries: names(`country ${String(index % 7)}`, 200),
      regions: names(`region ${String(index % 5)}`, 200),
      industries: names(`industry ${String(index % 3)}`, 200),
      segments: names(`segment ${String(index % 2)}`, 200),
      revenue: { from: index, below: index + 50 },
    });
    const rules = Array.from({ length: 100 }, (_, index) => rule(index));
    const ranked = rankedRules([territory('A', rules), territory('B', rules)]);
    expect(coverageOf(ranked).truncated).toBe(true);
  });
});
