import { describe, expect, it } from 'vitest';
import { nearest } from '../../../infra/nearest.ts';
import { duration } from '../../../infra/ops/durations.ts';
import { table } from '../../../infra/ops/table.ts';

describe('what operators read', () => {
  it('has durations in their two largest units', () => {
    const texts = [0, 59.6, 61, 3_600, 5_400, 86_400 * 3 + 4 * 3_600 + 59].map(duration);
    expect(texts).toEqual(['0 s', '1 min', '1 min', '1 h', '1 h 30 min', '3 d 4 h']);
  });
  it('has its columns aligned, with nothing at the ends of lines', () => {
    expect(
      table([
        ['a', 'bb', ''],
        ['ccc', 'd', 'e'],
      ]),
    ).toBe('a    bb\nccc  d   e');
    expect(table([])).toBe('');
  });
  it('finds the name that was meant, and none where nothing is near', () => {
    expect(nearest('heatlh', ['health', 'help'])).toBe('health');
    expect(nearest('PROD', ['dev', 'prod'])).toBe('prod');
    expect(nearest('frobnicate', ['health', 'help'])).toBeUndefined();
  });
});
