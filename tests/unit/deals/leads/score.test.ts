import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type ScoredLead, scoreOf } from '../../../../services/deals/domain/leads/score.ts';
import { senioritySaid } from '../../../../services/deals/domain/leads/seniority.ts';
import { at } from '../deals.fixture.ts';

const now = at('2026-11-23T12:00:00Z');
const bare: ScoredLead = { createdAt: now };
const best: ScoredLead = {
  name: 'Livia Serra',
  company: 'Hotel Blu',
  email: 'livia@hotel-blu.example',
  phone: '+39 051 1',
  jobTitle: 'CEO',
  source: 'Referral',
  country: 'IT',
  industry: 'hotels',
  employees: 4_000,
  message: 'Call me',
  createdAt: now,
};
const pointsOf = (lead: ScoredLead, code: string, fitsTerritory = false): number =>
  scoreOf(lead, { fitsTerritory, now }).reasons.find((reason) => reason.code === code)?.points ?? 0;

describe('the score of a lead', () => {
  it('is 100 where everything speaks for it', () => {
    expect(scoreOf(best, { fitsTerritory: true, now }).score).toBe(100);
  });

  it('tells each reason with its points, which add up', () => {
    const { score, reasons } = scoreOf({ ...best, jobTitle: 'Buyer' }, { fitsTerritory: false, now });
    expect(reasons.reduce((sum, { points }) => sum + points, 0)).toBe(score);
    expect(reasons).toContainEqual({ code: 'seniority', points: 8 });
  });

  it('prefers a business address to free mail, and free mail in any country', () => {
    expect(pointsOf({ ...bare, email: 'a@rossi.example' }, 'businessEmail')).toBe(10);
    expect(pointsOf({ ...bare, email: 'a@yahoo.co.uk' }, 'freeMail')).toBe(-5);
  });

  it('goes by revenue where the employees are not told', () => {
    expect(pointsOf({ ...bare, annualRevenue: 60_000_000 }, 'companySize')).toBe(12);
    expect(pointsOf({ ...bare, annualRevenue: 60_000_000, employees: 5 }, 'companySize')).toBe(1);
  });

  it('fades while nothing is done', () => {
    const created = (day: string) => ({ ...bare, createdAt: at(`${day}T12:00:00Z`) });
    const fading = ['2026-11-22', '2026-11-10', '2026-10-10', '2026-08-01'];
    expect(fading.map((day) => pointsOf(created(day), 'recency'))).toEqual([11, 5, 0, -10]);
    expect(pointsOf({ ...created('2026-08-01'), lastActivityAt: now }, 'recency')).toBe(11);
  });

  it.each([
    ['Chief Executive Officer', 'top'],
    ['Co-Founder', 'top'],
    ['Geschäftsführerin', 'top'],
    ['Vice President, Sales', 'director'],
    ['Head of Purchasing', 'director'],
    ['Product Owner', 'manager'],
    ['Purchasing Manager', 'manager'],
    ['Cook', 'other'],
    ['Scoordinator', 'other'],
  ])('takes “%s” for %s', (title, seniority) => {
    expect(senioritySaid(title)).toBe(seniority);
  });

  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  test.prop([
    fc.record({
      name: maybe(fc.string()),
      email: maybe(fc.emailAddress()),
      jobTitle: maybe(fc.string()),
      source: maybe(fc.string()),
      employees: maybe(fc.nat()),
      annualRevenue: maybe(fc.nat()),
      createdAt: fc.constantFrom(now, at('2020-01-01T00:00:00Z'), at('2030-01-01T00:00:00Z')),
    }),
    fc.boolean(),
  ])('lies between 0 and 100 whatever is told, and is the same each time', (lead, fitsTerritory) => {
    const first = scoreOf(lead, { fitsTerritory, now });
    expect(first.score).toBeGreaterThanOrEqual(0);
    expect(first.score).toBeLessThanOrEqual(100);
    expect(scoreOf(lead, { fitsTerritory, now })).toEqual(first);
  });
});
