import { describe, expect, it } from 'vitest';
import { shareDone } from '../../../infra/ops/replay/replays.ts';
import { checkRetention, remarksOn, windowOf } from '../../../infra/ops/replay/window.ts';
import { instantFrom } from '../../../shared/time/instant.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;
const ago = (hours: number) => instantFrom(now - hours * HOUR);
const window = (from: number, to: number) => windowOf({ from: ago(from), to: ago(to) }, now);

describe('the window of a replay', () => {
  it('lies in the past, the right way round', () => {
    expect(window(2, 1)).toEqual({ from: now - 2 * HOUR, to: now - HOUR });
    expect(() => window(1, 2)).toThrow(/turn them round/);
    expect(() => window(1, 1)).toThrow(/is not before/);
    expect(() => window(1, -1)).toThrow(/in the future: it is 2026-11-24T12:00:00.000Z now/);
  });
  it('lies within what the archive keeps', () => {
    expect(() => checkRetention(window(24 * 15, 1), { RetentionDays: 14 }, now)).toThrow(
      'beyond the archive’s 14 d: it reaches back to 2026-11-10T12:00:00.000Z',
    );
    expect(() => checkRetention(window(24 * 14, 1), { RetentionDays: 14 }, now)).not.toThrow();
    expect(() => checkRetention(window(24 * 1000, 1), { RetentionDays: 0 }, now)).not.toThrow();
  });
  it('comes with what one should know of it', () => {
    const archive = { CreationTime: new Date(now - 10 * HOUR), EventCount: 1000 };
    expect(remarksOn(window(6, 1), archive, now)).toEqual([
      expect.stringContaining('500 of them lie in this window'),
    ]);
    expect(remarksOn(window(20, 0.1), archive, now)).toEqual([
      expect.stringContaining('990 of them'),
      expect.stringContaining('began at 2026-11-24T02:00:00.000Z'),
      expect.stringContaining('last ten minutes'),
    ]);
    expect(remarksOn(window(6, 1), {}, now)).toEqual([]);
  });
});

describe('the progress of a replay', () => {
  const [from, last, to] = [4, 3, 0].map((hours) => new Date(now - hours * HOUR));
  it('is the share of its window that it has behind it', () => {
    const at = { EventStartTime: from, EventEndTime: to };
    expect(shareDone({ ...at, State: 'RUNNING', EventLastReplayedTime: last })).toBe(0.25);
    expect(shareDone({ ...at, State: 'STARTING' })).toBe(0);
    expect(shareDone({ ...at, State: 'COMPLETED' })).toBe(1);
  });
});
