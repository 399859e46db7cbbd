import { fc, test as property } from '@fast-check/vitest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Archive } from '../../../infra/local/archive.ts';
import { LocalClock } from '../../../infra/local/clock.ts';
import { RunnerState } from '../../../infra/local/state.ts';

const DAY_MS = 86_400_000;
const spec = {
  name: 'events',
  bus: 'ours',
  pattern: { source: [{ prefix: 'quotaline.' }] },
  retentionDays: 2,
};

let state: RunnerState;
let clock: LocalClock;
let archive: Archive;
const open = () => {
  state = new RunnerState(':memory:');
  clock = new LocalClock(state);
  archive = new Archive(spec, state, clock);
};
beforeEach(open);
afterEach(() => {
  state.close();
});

const events = (from: number, to: number) => [...archive.moments(from, to)].map((moment) => [...moment]);

describe('an archive', () => {
  test('takes what its pattern matches, of its own bus alone', () => {
    expect(archive.takes('ours', { source: 'quotaline.deals' })).toBe(true);
    expect(archive.takes('ours', { source: 'aws.partner/shop' })).toBe(false);
    expect(archive.takes('default', { source: 'quotaline.deals' })).toBe(false);
  });

  test('gives back whole events, and counts them', () => {
    const event = { id: 'a', detail: { name: 'Käse "è" <&>', amount: 1 } };
    const time = clock.now();
    archive.keep([{ time, event }]);
    expect(events(time, time)).toEqual([[{ time, event }]]);
    expect(archive.totals()).toEqual({ events: 1, bytes: expect.any(Number) as number });
  });

  test('drops what is older than its retention', () => {
    const now = clock.now();
    archive.keep([{ time: now - DAY_MS, event: { id: 'old' } }]);
    clock.moveTo(now + 1.5 * DAY_MS);
    archive.keep([{ time: clock.now(), event: { id: 'new' } }]);
    expect(events(0, clock.now()).flat()).toMatchObject([{ event: { id: 'new' } }]);
  });

  property.prop([
    fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 }), { maxLength: 130 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 30 }),
  ])(
    'gives back each event of a window once, by time and then as they were put, whatever was put when',
    (puts, one, other) => {
      state.close();
      open();
      let id = 0;
      const start = clock.now();
      const kept = puts.map((times) => times.map((ms) => ({ time: start + ms, event: { id: (id += 1) } })));
      for (const portion of kept) archive.keep(portion);
      const [from, to] = [start + Math.min(one, other), start + Math.max(one, other)];
      const moments = events(from, to);
      expect(moments.flat().map(({ time }) => time)).toEqual(
        kept
          .flat()
          .map(({ time }) => time)
          .filter((time) => time >= from && time <= to)
          .sort((a, b) => a - b),
      );
      expect(new Set(moments.flat().map(({ event }) => event.id)).size).toBe(moments.flat().length);
      expect(new Set(moments.map(([first]) => first?.time)).size).toBe(moments.length);
    },
  );
});
