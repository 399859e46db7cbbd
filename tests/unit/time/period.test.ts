import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Day, Instant } from '../../../shared/time/instant.ts';
import {
  elapsedShare,
  InvalidPeriod,
  monthsOf,
  parsePeriod,
  periodOf,
  PeriodText,
} from '../../../shared/time/period.ts';
import { addDays } from '../../../shared/time/zone.ts';

const january = { fiscalYearStartMonth: 1 };
const april = { fiscalYearStartMonth: 4 };
const span = (text: string, calendar = january) => {
  const { from, to } = parsePeriod(text, calendar);
  return `${from}–${to}`;
};

describe('a period', () => {
  it.each([
    ['2026-11', '2026-11-01–2026-12-01'],
    ['2026-12', '2026-12-01–2027-01-01'],
    ['2026-Q4', '2026-10-01–2027-01-01'],
    ['2026', '2026-01-01–2027-01-01'],
    ['2026-11-01..2026-11-15', '2026-11-01–2026-11-16'],
    ['2028-02-29..2028-02-29', '2028-02-29–2028-03-01'],
  ])('%s is %s, its end left out', (text, expected) => {
    expect(span(text)).toBe(expected);
  });

  it('bears the number of the calendar year in which its fiscal year ends', () => {
    expect(span('2026', april)).toBe('2025-04-01–2026-04-01');
    expect(span('2026-Q1', april)).toBe('2025-04-01–2025-07-01');
    expect(span('2026-Q4', april)).toBe('2026-01-01–2026-04-01');
    expect(span('2026-11', april)).toBe('2026-11-01–2026-12-01');
  });

  it.each([
    '',
    '2026-13',
    '2026-Q5',
    '26',
    '0000',
    '2026-11-15..2026-11-01',
    '2026-02-30..2026-03-01',
    '2026-11..2026-12',
    '2026-11-01',
    '9999',
  ])('refuses "%s" and says what a period looks like', (text) => {
    expect(() => parsePeriod(text, january)).toThrow(InvalidPeriod);
  });

  it('has a form that a schema can tell', () => {
    expect(
      ['2026-11', '2026-Q1', '2026', '2026-01-01..2026-02-01'].map(
        (text) => PeriodText.safeParse(text).success,
      ),
    ).not.toContain(false);
    expect(PeriodText.safeParse('2026-00').success).toBe(false);
  });

  it('touches its months in order, over the end of a year', () => {
    expect(monthsOf(parsePeriod('2026-11-15..2027-02-01', january))).toEqual([
      '2026-11',
      '2026-12',
      '2027-01',
      '2027-02',
    ]);
    expect(monthsOf(parsePeriod('2026-11', january))).toEqual(['2026-11']);
    expect(monthsOf(parsePeriod('2026', april))).toHaveLength(12);
  });

  test.prop([
    fc.integer({ min: 0, max: 30_000 }),
    fc.constantFrom('month' as const, 'quarter' as const, 'year' as const),
    fc.integer({ min: 1, max: 12 }),
  ])('holds the day it is the period of', (offset, kind, fiscalYearStartMonth) => {
    const day = addDays(Day.parse('1990-01-01'), offset);
    const period = periodOf(day, kind, { fiscalYearStartMonth });
    expect(period.kind).toBe(kind);
    expect(period.from <= day && day < period.to).toBe(true);
  });
});

describe('the elapsed share', () => {
  const november = parsePeriod('2026-11', january);
  const at = (text: string) => elapsedShare(november, Instant.parse(text), 'Europe/Rome');

  it('runs from 0 to 1 by the clock of the zone', () => {
    expect(at('2026-10-31T23:00:00Z')).toBe(0);
    expect(at('2026-11-15T23:00:00Z')).toBe(0.5);
    expect(at('2026-11-30T23:00:00Z')).toBe(1);
  });

  it('stays within 0 and 1 outside', () => {
    expect(at('2020-01-01T00:00:00Z')).toBe(0);
    expect(at('2030-01-01T00:00:00Z')).toBe(1);
  });
});
