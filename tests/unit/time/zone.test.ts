import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { Day, Instant, instantFrom } from '../../../shared/time/instant.ts';
import { addDays, dayOf, daysBetween, isTimeZone, startOfDay } from '../../../shared/time/zone.ts';

const at = (text: string) => Instant.parse(text);
const day = (text: string) => Day.parse(text);
const instants = fc.integer({ min: Date.UTC(1950, 0), max: Date.UTC(2060, 0) }).map(instantFrom);
const zones = fc.constantFrom(
  'UTC',
  'Europe/Rome',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Sao_Paulo',
);

describe('the day of an instant', () => {
  it('is that of the zone, not of UTC', () => {
    expect(dayOf(at('2026-11-23T23:30:00Z'), 'Europe/Rome')).toBe('2026-11-24');
    expect(dayOf(at('2026-11-23T02:00:00Z'), 'America/New_York')).toBe('2026-11-22');
    expect(dayOf(at('2026-11-23T23:59:59.999Z'), 'UTC')).toBe('2026-11-23');
  });

  it('follows the clock change, to the millisecond', () => {
    expect(dayOf(at('2026-03-28T22:59:59.999Z'), 'Europe/Rome')).toBe('2026-03-28');
    expect(dayOf(at('2026-03-29T22:00:00Z'), 'Europe/Rome')).toBe('2026-03-30');
    expect(dayOf(at('2026-03-29T01:00:00Z'), 'Europe/Rome')).toBe('2026-03-29');
    expect(dayOf(at('2011-12-30T09:59:59Z'), 'Pacific/Apia')).toBe('2011-12-29');
    expect(dayOf(at('2011-12-30T10:00:00Z'), 'Pacific/Apia')).toBe('2011-12-31');
  });

  test.prop([instants, zones])('is what the calendar of the platform says', (instant, zone) => {
    const expected = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(instant));
    expect(dayOf(instant, zone)).toBe(expected);
  });

  test.prop([instants, zones])('begins at its start and not before', (instant, zone) => {
    const today = dayOf(instant, zone);
    const start = Date.parse(startOfDay(today, zone));
    expect(start).toBeLessThanOrEqual(Date.parse(instant));
    expect(dayOf(instantFrom(start), zone)).toBe(today);
    expect(dayOf(instantFrom(start - 1), zone) < today).toBe(true);
  });
});

describe('days', () => {
  test.prop([instants, fc.integer({ min: -20_000, max: 20_000 })])(
    'counts the days that were added',
    (instant, n) => {
      const from = dayOf(instant, 'UTC');
      expect(daysBetween(from, addDays(from, n))).toBe(n);
    },
  );

  it('crosses leap days and years', () => {
    expect(addDays(day('2028-02-28'), 2)).toBe('2028-03-01');
    expect(daysBetween(day('2016-10-20'), day('2017-03-01'))).toBe(132);
  });

  it('refuses to leave the calendar', () => {
    expect(() => addDays(day('9999-12-31'), 1)).toThrow(Unprocessable);
  });
});

describe('time zones', () => {
  it('are IANA names', () => {
    expect(['Europe/Rome', 'UTC', 'America/Argentina/Buenos_Aires'].map(isTimeZone)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['', 'Rome', '+02:00', 'Europe/Nowhere'].map(isTimeZone)).toEqual([false, false, false, false]);
  });
});
