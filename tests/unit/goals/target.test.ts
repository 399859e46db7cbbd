import { describe, expect, it } from 'vitest';
import { findKpi } from '../../../shared/kpis/catalogue.ts';
import { Currency } from '../../../shared/money/money.ts';
import { parsePeriod } from '../../../shared/time/period.ts';
import { formerPeriod } from '../../../services/goals/domain/former-period.ts';
import { freezeTarget, type TargetContext, type TargetInput } from '../../../services/goals/domain/target.ts';
import { USD } from './goal.fixture.ts';

const freeze = (kpiId: string, input: TargetInput, context: Partial<TargetContext> = {}) => {
  const kpi = findKpi(kpiId);
  if (kpi === undefined) throw new Error(kpiId);
  return freezeTarget(input, { kpi, direction: 'higher', reportingCurrency: USD, ...context });
};

describe('a target', () => {
  it('of growth is a number over the frozen baseline', () => {
    const baseline = { period: '2026-Q3', value: 8_333_333 };
    expect(freeze('wonRevenue', { growth: 0.2, over: 'previous' }, { baseline })).toEqual({
      unit: 'money',
      currency: 'USD',
      direction: 'higher',
      target: 10_000_000,
      baseline: 8_333_333,
      growth: { share: 0.2, over: 'previous', period: '2026-Q3' },
    });
  });

  it('of growth needs something to grow from', () => {
    for (const value of [null, 0]) {
      const baseline = { period: '2026-Q3', value };
      expect(() => freeze('wonRevenue', { growth: 0.2, over: 'previous' }, { baseline })).toThrow('2026-Q3');
    }
  });

  it.each<[string, TargetInput, string]>([
    ['wonRevenue', 100, 'is money'],
    ['wonRevenue', { amount: 100, currency: Currency.parse('EUR') }, 'must be in USD'],
    ['wonRevenue', { amount: 0, currency: USD }, 'more than 0'],
    ['wonDeals', { amount: 100, currency: USD }, 'is no money'],
    ['wonDeals', 3.5, 'a whole number'],
    ['wonDeals', 0, 'more than 0'],
    ['winRate', 55, 'a share from 0 to 1'],
    ['salesCycleDays', -1, 'more than 0'],
  ])('of %s can not be %j', (kpi, input, message) => {
    expect(() => freeze(kpi, input)).toThrow(message);
  });

  it('where lower is better lies below the period before', () => {
    const baseline = { period: '2026-Q3', value: 60 };
    expect(freeze('salesCycleDays', 45, { direction: 'lower', baseline })).toMatchObject({
      target: 45,
      baseline: 60,
    });
    expect(() => freeze('salesCycleDays', 70, { direction: 'lower', baseline })).toThrow('2026-Q3');
    expect(() => freeze('lostDeals', 3, { direction: 'lower', baseline })).toThrow('starts at zero');
  });
});

describe('the former period', () => {
  const former = (text: string, over: 'previous' | 'sameLastYear', fiscalYearStartMonth = 1) => {
    const calendar = { fiscalYearStartMonth };
    return formerPeriod(parsePeriod(text, calendar), over, calendar).text;
  };

  it('is the one before, or the same one a year earlier', () => {
    expect(former('2026-Q1', 'previous')).toBe('2025-Q4');
    expect(former('2026-01', 'previous')).toBe('2025-12');
    expect(former('2026', 'previous')).toBe('2025');
    expect(former('2026-11-11..2026-11-20', 'previous')).toBe('2026-11-01..2026-11-10');
    expect(former('2026-Q4', 'sameLastYear')).toBe('2025-Q4');
    expect(former('2028-02-01..2028-02-29', 'sameLastYear')).toBe('2027-02-01..2027-02-28');
  });

  it('follows the fiscal calendar', () => {
    expect(former('2027-Q1', 'previous', 10)).toBe('2026-Q4');
    expect(former('2027-Q1', 'sameLastYear', 10)).toBe('2026-Q1');
  });
});
