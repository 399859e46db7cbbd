import { describe, expect, it } from 'vitest';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { startOfDay } from '../../../shared/time/zone.ts';

describe('an instant', () => {
  it('is kept in UTC with milliseconds, whatever its offset', () => {
    expect(Instant.parse('2026-11-23T09:30+02:00')).toBe('2026-11-23T07:30:00.000Z');
  });

  it.each([
    ['2026-02-30T09:30:00Z', 'a day that does not exist'],
    ['2026-13-01T09:30:00Z', 'a month that does not exist'],
    ['2026-11-23T09:30:00', 'no offset'],
    ['0000-06-01T00:00:00Z', 'the year 0, whose day may have no four digits'],
    ['0001-01-01T00:00:00+14:00', 'an offset that leads into the year 0'],
    // In UTC this has five digits, and would sort before every day of today.
    ['9999-12-31T23:59:59-12:00', 'an offset that leads into the year 10,000'],
  ])('is not %s: %s', (text) => {
    expect(Instant.safeParse(text).success).toBe(false);
  });

  it('accepts what it gives', () => {
    const given = Instant.parse('0001-01-01T00:00:00Z');
    expect(Instant.parse(given)).toBe(given);
  });
});

describe('the start of a day', () => {
  it('is refused before the year 1, as text it would sort after every other', () => {
    expect(startOfDay(Day.parse('0001-01-01'), 'UTC')).toBe('0001-01-01T00:00:00.000Z');
    for (const text of ['0001-01-01', '0000-01-01'])
      expect(() => startOfDay(Day.parse(text), 'Asia/Tokyo')).toThrow(Unprocessable);
  });
});
