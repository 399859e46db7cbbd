import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';

describe('work done concurrently', () => {
  it('answers in order, and never does more at a time than it may', async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrently([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, (running += 1));
      for (let turns = 0; turns < item; turns += 1) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('stops at the first error', async () => {
    const started: number[] = [];
    await expect(
      mapConcurrently([1, 2, 3, 4, 5, 6], 2, async (item) => {
        started.push(item);
        await Promise.resolve();
        if (item === 2) throw new RangeError('two');
      }),
    ).rejects.toThrow('two');
    expect(started.length).toBeLessThan(6);
  });
});
