import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type Employment, expectedCapacity, rampOn } from '../../../shared/directory/capacity.ts';
import { Day } from '../../../shared/time/instant.ts';
import { addDays } from '../../../shared/time/zone.ts';

const day = (text: string) => Day.parse(text);
const calendar = { businessDays: [1, 2, 3, 4, 5], holidays: [day('2026-12-25')] };
const december = { from: day('2026-12-01'), to: day('2027-01-01') };
const over = (employment: Partial<Employment>) =>
  expectedCapacity({ rampMonths: 0, ...employment }, december, calendar);

describe('what can be expected of a member', () => {
  it('is everything of who has been there for long, full time', () => {
    expect(over({})).toEqual({ share: 1, presentDays: 22, absenceDays: 0 });
    expect(over({ capacity: 0.6 }).share).toBeCloseTo(0.6, 12);
  });

  it('leaves out business days away; weekends and holidays away cost nothing', () => {
    const absences = [{ from: day('2026-12-24'), until: day('2026-12-27') }];
    expect(over({ absences })).toEqual({ share: 21 / 22, presentDays: 21, absenceDays: 1 });
  });

  it('begins with the first day and ends with the last one', () => {
    expect(over({ startedOn: day('2026-12-31') }).presentDays).toBe(1);
    expect(over({ departedOn: day('2026-12-01') }).presentDays).toBe(1);
    expect(over({ startedOn: day('2027-01-01') }).share).toBe(0);
    expect(over({ departedOn: day('2026-11-30') }).share).toBe(0);
  });

  it('rises by calendar days while the member ramps', () => {
    const ramping = { startedOn: day('2026-12-01'), rampMonths: 1 };
    expect(rampOn(ramping, day('2026-12-01'))).toBe(0);
    expect(rampOn(ramping, day('2026-12-16'))).toBe(15 / 31);
    expect(rampOn(ramping, day('2027-01-01'))).toBe(1);
  });

  it('is nothing in a period without business days', () => {
    const christmas = { from: day('2026-12-25'), to: day('2026-12-28') };
    expect(expectedCapacity({ rampMonths: 0 }, christmas, calendar).share).toBe(0);
  });
});

describe('shares', () => {
  const days = fc.integer({ min: 0, max: 500 }).map((n) => addDays(day('2026-01-01'), n));
  const employments = fc.record(
    {
      rampMonths: fc.integer({ min: 0, max: 36 }),
      startedOn: days,
      departedOn: days,
      capacity: fc.double({ min: 0.01, max: 1, noNaN: true }),
      absences: fc.array(fc.record({ from: days, until: days }), { maxLength: 5 }),
    },
    { requiredKeys: ['rampMonths'] },
  );
  const lengths = fc.integer({ min: 0, max: 120 });

  test.prop([employments, days, lengths])(
    'lie between nothing and everything',
    (employment, from, length) => {
      const { share } = expectedCapacity(employment, { from, to: addDays(from, length) }, calendar);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    },
  );

  test.prop([employments, days, fc.integer({ min: 0, max: 200 })])(
    'never fall with the time since the start, until the departure',
    ({ departedOn: _departedOn, ...employment }, from, later) => {
      expect(rampOn(employment, addDays(from, later))).toBeGreaterThanOrEqual(rampOn(employment, from));
    },
  );

  test.prop([employments, days, days, lengths])(
    'of a member’s teams add up to the member’s',
    (employment, from, moved, length) => {
      const period = { from, to: addDays(from, length) };
      const before = expectedCapacity(employment, period, calendar, (each) => each < moved);
      const after = expectedCapacity(employment, period, calendar, (each) => each >= moved);
      const whole = expectedCapacity(employment, period, calendar);
      expect(before.share + after.share).toBeCloseTo(whole.share, 10);
      expect(before.presentDays + after.presentDays).toBe(whole.presentDays);
    },
  );
});
