import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Archive } from '../../../infra/local/archive.ts';
import { Buses } from '../../../infra/local/bus.ts';
import { LocalClock } from '../../../infra/local/clock.ts';
import { Queues } from '../../../infra/local/queues.ts';
import { Replays } from '../../../infra/local/replays.ts';
import { RunnerState } from '../../../infra/local/state.ts';
import { eventually } from '../../support/eventually.ts';

const EVENTS = 1_000;
const queue = (name: string) => ({ name, visibilityTimeoutSeconds: 30, maxReceiveCount: 5 });
const rule = (name: string) => ({
  name,
  bus: 'ours',
  pattern: { source: ['quotaline.deals'] },
  targetQueues: [name],
});

let state: RunnerState;
let clock: LocalClock;
let queues: Queues;
let archive: Archive;
let buses: Buses;
beforeEach(() => {
  state = new RunnerState(':memory:');
  clock = new LocalClock(state);
  queues = new Queues(state, [queue('facts'), queue('goals')]);
  archive = new Archive({ name: 'events', bus: 'ours', retentionDays: 1 }, state, clock);
  const parts = { buses: ['ours'], rules: [rule('facts'), rule('goals')], region: 'r', account: 'a' };
  buses = new Buses(parts, queues, clock, [archive]);
});
afterEach(() => {
  state.close();
});

const replays = () => new Replays({ state, archives: [archive], buses, clock });
const window = () => ({ from: clock.now() - 3_600_000, to: clock.now() + 3_600_000 });
const ids = (name: string): readonly string[] =>
  queues.receive(name, 10_000, 100_000_000).map(({ body }) => (JSON.parse(body) as { id: string }).id);
const ended = (running: Replays) =>
  eventually('the replay has ended', 10_000, () => Promise.resolve(running.running === 0 ? true : undefined));

const put = (count: number): void => {
  const start = clock.now() - count;
  for (let n = 0; n < count; n += 1) {
    const time = new Date(start + n).toISOString();
    buses.put([
      { bus: 'ours', source: 'quotaline.deals', detailType: 'X.v1', detail: '{}', resources: [], time },
    ]);
  }
};

describe('a replay', () => {
  test('puts the archived events into the queues of the rules that are named, in their order, and of no others', async () => {
    put(10);
    const original = ids('facts');
    ids('goals');
    const running = replays();
    running.start({ name: 'r', archive: 'events', rules: ['facts'], ...window() });
    await ended(running);
    expect(ids('facts')).toEqual(original);
    expect(ids('goals')).toEqual([]);
    expect(running.find('r')).toMatchObject({ state: 'COMPLETED', rules: ['facts'] });
  });

  test('goes on after a restart exactly where it was', async () => {
    put(EVENTS);
    const original = ids('facts');
    const first = replays();
    first.start({ name: 'r', archive: 'events', rules: ['facts'], ...window() });
    await eventually('the first portion is out', 10_000, () =>
      Promise.resolve(queues.counts('facts').visible > 0 ? true : undefined),
    );
    first.stop();
    const before = ids('facts');
    const second = replays();
    await ended(second);
    expect(second.find('r')?.state).toBe('COMPLETED');
    expect([...before, ...ids('facts')]).toEqual(original);
  });

  test('that is cancelled ends where it is', async () => {
    put(EVENTS);
    ids('facts');
    const running = replays();
    running.start({ name: 'r', archive: 'events', ...window() });
    running.cancel('r');
    expect(running.find('r')).toMatchObject({ state: 'CANCELLED', endedAt: expect.any(Number) as number });
    await ended(running);
    expect(ids('facts')).toEqual([]);
  });
});
