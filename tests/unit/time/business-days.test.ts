import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { businessDaysBetween, businessDaysIn } from '../../../shared/time/business-days.ts';
import { Day } from '../../../shared/time/instant.ts';
import { addDays, addMonths } from '../../../shared/time/zone.ts';

const day = (text: string) => Day.parse(text);
const businessDays = [1, 2, 3, 4, 5];

describe('business days', () => {
  it('are counted over weekends and long stretches alike', () => {
    const count = (from: string, to: string) => businessDaysBetween(day(from), day(to), { businessDays });
    expect(count('2026-11-20', '2026-11-24')).toBe(2);
    expect(count('2026-01-01', '2027-01-01')).toBe(261);
    expect(count('2026-11-20', '2026-11-20')).toBe(0);
    expect(count('2026-11-24', '2026-11-20')).toBe(0);
  });

  it('are none on holidays, wherever in the stretch they lie', () => {
    const holidays = ['2026-12-25', '2026-12-26', '2027-01-01'].map(day);
    const calendar = { businessDays, holidays };
    // 26 December 2026 is a Saturday; the first day after the stretch does not belong to it.
    expect(businessDaysBetween(day('2026-12-21'), day('2027-01-01'), calendar)).toBe(8);
  });

  const offset = fc.integer({ min: 0, max: 400 });
  const start = day('2026-01-01');
  const calendars = fc.record({
    businessDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    holidays: fc.array(offset.map((days) => addDays(start, days))),
  });
  test.prop([offset, offset, calendars])('are as many as can be told one by one', (first, last, calendar) => {
    const [from, to] = [addDays(start, first), addDays(start, last)];
    expect(businessDaysBetween(from, to, calendar)).toBe(businessDaysIn(from, to, calendar).length);
  });
});

describe('months later', () => {
  it('is the last day of a month that is shorter', () => {
    expect(addMonths(day('2026-11-30'), 3)).toBe('2027-02-28');
    expect(addMonths(day('2026-11-15'), 0)).toBe('2026-11-15');
    expect(() => addMonths(day('9999-12-01'), 1)).toThrow('out of range');
  });
});
