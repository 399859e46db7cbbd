import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Queues } from '../../../infra/local/queues.ts';
import { RunnerState } from '../../../infra/local/state.ts';

const specs = [
  { name: 'facts', visibilityTimeoutSeconds: 60, maxReceiveCount: 2, deadLetterQueue: 'facts-dead' },
  { name: 'facts-dead', visibilityTimeoutSeconds: 30, maxReceiveCount: Number.MAX_SAFE_INTEGER },
];

describe('a queue', () => {
  let folder: string;
  let state: RunnerState;
  let queues: Queues;
  const open = () => {
    state = new RunnerState(join(folder, 'runner.db'));
    queues = new Queues(state, specs);
  };
  const send = (...bodies: string[]) => queues.send(bodies.map((body) => ({ queue: 'facts', body })));
  const bodies = () => queues.receive('facts', 10, 1_000_000).map(({ body }) => body);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quotaline-queues-'));
    open();
  });
  afterEach(() => {
    vi.useRealTimers();
    state.close();
    rmSync(folder, { recursive: true });
  });

  test('hands messages out in order, each to one receiver', () => {
    send('a', 'b', 'c');
    expect(queues.receive('facts', 2, 1_000_000).map(({ body }) => body)).toEqual(['a', 'b']);
    expect(bodies()).toEqual(['c']);
    expect(bodies()).toEqual([]);
  });

  test('ends a batch before its bytes are too many, but always hands out one', () => {
    send('x'.repeat(80), 'y'.repeat(80));
    expect(queues.receive('facts', 10, 100)).toHaveLength(1);
    expect(queues.receive('facts', 10, 10)).toHaveLength(1);
  });

  test('forgets what succeeded and brings back what failed, after a pause', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    send('good', 'bad');
    const messages = queues.receive('facts', 10, 1_000_000);
    queues.settle('facts', messages, ({ body }) => body === 'bad');
    expect(bodies()).toEqual([]);
    vi.setSystemTime(Date.now() + 600);
    expect(queues.receive('facts', 10, 1_000_000)).toMatchObject([{ body: 'bad', receiveCount: 2 }]);
  });

  test('buries a message that failed as often as it may', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    send('bad');
    for (let receipt = 1; receipt <= 2; receipt += 1) {
      queues.settle('facts', queues.receive('facts', 10, 1_000_000), () => true);
      vi.setSystemTime(Date.now() + 60_000);
    }
    expect(bodies()).toEqual([]);
    expect(queues.deadLetters()).toMatchObject([{ queue: 'facts-dead', body: 'bad', receiveCount: 2 }]);
    expect(queues.pending(['facts'])).toBe(0);
  });

  test('keeps everything over a restart, and hands out again at once what nobody finished', () => {
    send('in flight', 'waiting');
    queues.receive('facts', 1, 1_000_000);
    state.close();
    open();
    expect(queues.receive('facts', 10, 1_000_000)).toMatchObject([
      { body: 'in flight', receiveCount: 1 },
      { body: 'waiting', receiveCount: 1 },
    ]);
  });

  test('tells its consumer that messages have come', () => {
    const wake = vi.fn();
    queues.watch('facts', wake);
    send('a', 'b');
    expect(wake).toHaveBeenCalledTimes(1);
  });
});
