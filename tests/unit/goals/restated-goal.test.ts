import { describe, expect, it } from 'vitest';
import { restatedGoal } from '../../../services/goals/domain/restated-goal.ts';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import { derivedId, RequestId } from '../../../shared/ids/id.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { goalOf } from './goal.fixture.ts';

const at = Instant.parse('2026-11-23T09:30:00Z');
const eur = Currency.parse('EUR');
const to = (after: Partial<OrganizationState>) => ({
  id: derivedId(RequestId, 'change'),
  before: defaultOrganization,
  after: { ...defaultOrganization, ...after },
  rate: { currency: eur, rate: '0.8', day: Day.parse('2026-11-20') },
});
const money = goalOf({
  unit: 'money',
  kpi: 'wonRevenue',
  currency: Currency.parse('USD'),
  target: 1_000_000,
  baseline: 500_000.5,
  period: '2026-11',
});

describe('a goal by new settings', () => {
  it('has target and baseline in the new currency, as a revision that says how', () => {
    const restated = restatedGoal(money, to({ reportingCurrency: eur }), at);
    expect(restated).toMatchObject({
      target: 800_000,
      baseline: 400_001,
      currency: 'EUR',
      revision: money.revision + 1,
      standing: [],
      restated: { rate: { rate: '0.8' }, before: { target: 1_000_000, currency: 'USD' } },
    });
    expect(restatedGoal(restated, to({ reportingCurrency: eur }), at)).toBe(restated);
  });

  it('stays the very same where it is no money, or the currency stays', () => {
    const count = goalOf({
      unit: 'count',
      kpi: 'wonDeals',
      currency: undefined,
      target: 12,
      period: '2026-11',
    });
    expect(restatedGoal(count, to({ reportingCurrency: eur }), at)).toBe(count);
    expect(restatedGoal(money, to({ timeZone: 'Europe/Rome' }), at)).toBe(money);
  });

  it('has its quarter where the new calendar has it, and its month where it was', () => {
    const quarter = goalOf({ period: '2026-Q4', from: Day.parse('2026-10-01'), to: Day.parse('2027-01-01') });
    const april = to({ fiscalYearStartMonth: 4 });
    const moved = restatedGoal(quarter, april, at);
    expect(moved).toMatchObject({ from: '2026-01-01', to: '2026-04-01', revision: quarter.revision + 1 });
    expect(restatedGoal(moved, april, at)).toBe(moved);
    expect(restatedGoal(money, april, at)).toBe(money);
  });

  it('can’t be restated without a rate', () => {
    const { rate: _, ...change } = to({ reportingCurrency: eur });
    expect(() => restatedGoal(money, change, at)).toThrow('there is no rate');
  });
});
