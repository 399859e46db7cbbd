import { describe, expect, it } from 'vitest';
import { Flags } from '../../../infra/ops/flags.ts';

describe('the options of a command', () => {
  it('are whole numbers within their limits', () => {
    const flags = new Flags({ limit: '7' });
    expect(flags.count('limit', 10, 100)).toBe(7);
    expect(flags.count('other', 10, 100)).toBe(10);
    for (const limit of ['0', '101', '1.5', 'many', '-1']) {
      expect(() => new Flags({ limit }).count('limit', 10, 100)).toThrow(
        /--limit takes a whole number from 1 to 100/,
      );
    }
  });
  it('are instants of any zone', () => {
    expect(new Flags({ from: '2026-11-23T10:30:00+01:00' }).instant('from')).toBe('2026-11-23T09:30:00.000Z');
    expect(new Flags({}).instant('from')).toBeUndefined();
    expect(() => new Flags({ from: '2026-11-23' }).instant('from')).toThrow(
      /such as 2026-11-23T09:30:00Z, not 2026-11-23/,
    );
    expect(() => new Flags({}).requiredInstant('from')).toThrow('--from is missing');
  });
  it('are not empty', () => {
    expect(() => new Flags({ keep: ' ' }).text('keep')).toThrow('--keep is empty');
  });
});
