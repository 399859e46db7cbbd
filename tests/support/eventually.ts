import { setTimeout as delay } from 'node:timers/promises';

/** Asks again until there is an answer; fails after `limit` milliseconds, saying what it waited for. */
export const eventually = async <T>(
  what: string,
  limit: number,
  ask: () => Promise<T | undefined>,
): Promise<T> => {
  const until = performance.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > until) throw new Error(`${what}: nothing after ${String(limit)} ms`);
    await delay(100);
  }
};
