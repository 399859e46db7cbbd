import { describe, expect, it } from 'vitest';
import { percentOf, readGoal } from '../../../services/goals/domain/attainment.ts';
import { paceOf } from '../../../services/goals/domain/pace.ts';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { atUtc, day, goalOf, instant, midNovember, totalsOf } from './goal.fixture.ts';

const paceAt = (value: number, now: Instant) => {
  const goal = goalOf();
  const reading = readGoal(goal, totalsOf({ wonRevenue: value }), { now, timeZone: 'UTC' });
  return paceOf(goal, reading, now, defaultOrganization);
};

describe('attainment', () => {
  it('is value over target, uncapped', () => {
    expect(percentOf(goalOf(), 25_000_000)).toBe(250);
    expect(percentOf(goalOf(), -100_000)).toBe(-1);
  });

  it('goes down from the baseline where lower is better', () => {
    const goal = goalOf({ direction: 'lower', baseline: 60, target: 40, unit: 'days' });
    expect([60, 50, 40, 30, 70].map((value) => percentOf(goal, value))).toEqual([0, 50, 100, 150, -50]);
  });

  it('of 99.99 % is not all of the target', () => {
    const { reached } = readGoal(goalOf(), totalsOf({ wonRevenue: 9_999_999 }), atUtc);
    expect(reached).toEqual([25, 50, 75]);
  });
});

describe('pace', () => {
  it('holds the value against the share of the period that has gone by', () => {
    expect(paceAt(5_000_000, midNovember)).toMatchObject({
      ratio: 1,
      status: 'onTrack',
      expected: 5_000_000,
      projection: 10_000_000,
    });
    expect(paceAt(5_500_000, midNovember).status).toBe('ahead');
    expect(paceAt(4_750_000, midNovember).status).toBe('onTrack');
    expect(paceAt(4_000_000, midNovember).status).toBe('atRisk');
    expect(paceAt(3_999_999, midNovember).status).toBe('behind');
  });

  it('says nothing before a tenth of the period', () => {
    const early = paceAt(5_000_000, instant('2026-11-03T23:00:00Z'));
    expect(early).toMatchObject({ ratio: null, status: null, projection: null });
    expect(early.reason).toContain('tenth');
    expect(paceAt(5_000_000, instant('2026-11-04T00:00:00Z')).status).toBe('ahead');
  });

  it('spreads what is missing over the business days that are left, today included', () => {
    // 16 November 2026 is a Monday: eleven business days to the end of the month.
    expect(paceAt(4_500_000, midNovember)).toMatchObject({
      businessDaysLeft: 11,
      neededPerBusinessDay: 500_000,
    });
    expect(paceAt(12_000_000, midNovember).neededPerBusinessDay).toBe(0);
    expect(paceAt(1, instant('2026-12-05T00:00:00Z')).neededPerBusinessDay).toBeNull();
  });

  it('holds a ratio against the target itself', () => {
    const goal = goalOf({ kpi: 'winRate', unit: 'ratio', target: 0.6 });
    const reading = readGoal(goal, totalsOf({ wonDeals: 6, lostDeals: 6 }), atUtc);
    expect(paceOf(goal, reading, midNovember, defaultOrganization)).toMatchObject({
      ratio: Number((0.5 / 0.6).toPrecision(12)),
      status: 'atRisk',
      projection: 0.5,
      neededPerBusinessDay: null,
    });
  });

  it('leaves the organization’s holidays out of the days that are left', () => {
    const goal = goalOf();
    const now = midNovember;
    const reading = readGoal(goal, totalsOf({ wonRevenue: 4_500_000 }), { now, timeZone: 'UTC' });
    const holidays = [day('2026-11-26'), day('2026-11-28')];
    // Thanksgiving is a Thursday; the 28th is a Saturday, and off anyway.
    expect(paceOf(goal, reading, now, { ...defaultOrganization, holidays })).toMatchObject({
      businessDaysLeft: 10,
      neededPerBusinessDay: 550_000,
    });
  });
});
