import { describe, expect, it } from 'vitest';
import { findKpi, kpis } from '../../../shared/kpis/catalogue.ts';
import { kpiIds, type KpiId } from '../../../shared/kpis/kpi.ts';
import { emptyTotals, sumTotals, type Totals } from '../../../shared/kpis/totals.ts';
import { binOf } from '../../../shared/statistics/sketch.ts';

const answer = (id: KpiId, totals: Totals) => {
  const kpi = findKpi(id);
  if (kpi === undefined) throw new Error(`no KPI ${id}`);
  return kpi.compute(totals, 'USD');
};
const of = (counters: Totals['counters'], sketches: Totals['sketches'] = {}): Totals => ({
  counters,
  sketches,
});

describe('the KPI catalogue', () => {
  it('holds every KPI once', () => {
    expect(kpis.map(({ id }) => id)).toEqual([...kpiIds]);
    expect(findKpi('nothing')).toBeUndefined();
  });

  it('answers null with a reason for every quotient of nothing, and 0 for every sum of nothing', () => {
    for (const kpi of kpis) {
      const { value, reason, n, lowSample } = kpi.compute(emptyTotals, 'USD');
      expect([kpi.id, value, typeof reason]).toEqual([
        kpi.id,
        kpi.additive ? 0 : null,
        kpi.additive ? 'undefined' : 'string',
      ]);
      expect([n, lowSample]).toEqual([0, true]);
    }
  });

  it('shows the currency beside money only', () => {
    for (const kpi of kpis)
      expect(kpi.compute(emptyTotals, 'EUR').currency).toBe(kpi.unit === 'money' ? 'EUR' : undefined);
  });

  it('divides the won by the closed', () => {
    expect(answer('winRate', of({ wonDeals: 4238, lostDeals: 2473 }))).toEqual({
      value: 0.631501,
      numerator: 4238,
      denominator: 6711,
      n: 6711,
      unit: 'ratio',
      definitionVersion: 1,
    });
  });

  it('flags fewer than five', () => {
    expect(answer('winRate', of({ wonDeals: 4 })).lowSample).toBe(true);
    expect(answer('winRate', of({ wonDeals: 5 })).lowSample).toBeUndefined();
  });

  it('pools days and counts, and leaves out deals without a start', () => {
    const totals = of(
      {
        wonDeals: 3,
        cycleDaysWon: 31,
        lostDeals: 2,
        cycleDaysLost: 2,
        cycleExcludedWon: 1,
        cycleExcludedLost: 1,
      },
      { cycleWon: { [binOf(10)]: 1, [binOf(21)]: 1 }, cycleLost: { [binOf(2)]: 1 } },
    );
    expect(answer('salesCycleDays', totals)).toMatchObject({
      value: 15.5,
      numerator: 31,
      denominator: 2,
      excluded: 1,
    });
    expect(answer('closedCycleDays', totals)).toMatchObject({
      value: 11,
      numerator: 33,
      denominator: 3,
      excluded: 2,
      percentiles: { p50: 10 },
    });
  });

  it('rounds an average to the minor unit, a half to even', () => {
    expect(answer('averageDealSize', of({ wonDeals: 2, wonAmount: 5 })).value).toBe(2);
    expect(answer('averageDealSize', of({ wonDeals: 2, wonAmount: 7 })).value).toBe(4);
  });

  it('leaves deals that could not be valued out of the average, and says so', () => {
    expect(answer('averageDealSize', of({ wonDeals: 3, wonUnvalued: 1, wonAmount: 200 }))).toMatchObject({
      value: 100,
      denominator: 2,
      excluded: 1,
    });
    expect(answer('wonRevenue', of({ wonRevenue: 200, wonDeals: 3, wonUnvalued: 1 })).reason).toContain(
      'exchange rate',
    );
  });

  it('shows the average order value after refunds beside the one before', () => {
    expect(
      answer('averageOrderValue', of({ ordersCount: 2, ordersNet: 300, ordersRefunded: 100 })),
    ).toMatchObject({ value: 150, netOfRefunds: 100 });
  });

  it('takes medians and percentiles from the merged sketches', () => {
    const one = of({ wonDeals: 1 }, { dealSize: { [binOf(10)]: 1 }, cycleWon: { [binOf(7)]: 1 } });
    const two = of({ wonDeals: 2 }, { dealSize: { [binOf(10)]: 1, [binOf(40)]: 1 } });
    expect(answer('medianDealSize', sumTotals([one, two]))).toMatchObject({ value: 10, n: 3 });
    expect(answer('salesCycleDays', sumTotals([one, two])).percentiles).toEqual({ p50: 7, p75: 7, p90: 7 });
  });
});
