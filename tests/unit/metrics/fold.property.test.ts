import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { dealFact } from '../../../services/metrics/domain/deal-fact.ts';
import type { Incoming } from '../../../services/metrics/domain/fold.ts';
import { foldFacts } from '../../../services/metrics/store/folding.ts';
import { Conflict } from '../../../shared/errors/errors.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { bruteForce, countersOfItems } from '../../support/brute-force.ts';
import { histories, type Version } from '../../support/deal-histories.ts';
import { Crash, type Fault, InMemoryTable } from '../../support/in-memory-table.ts';
import { settings } from '../../support/sample-facts.ts';

const clock = { now: () => instantFrom(Date.UTC(2026, 10, 23)) };
const incomingOf = ({ state, ...version }: Version): Incoming => ({
  fact: dealFact(state, version, settings),
  cause: { correlationId: 'test', actor: 'system' },
});

/** Every version at least once, some more often, in any order, cut into batches for two consumers. */
const deliveries = histories.chain((deals) => {
  const events = deals.flat();
  return fc.record({
    final: fc.constant(deals.flatMap((versions) => versions.at(-1)?.state ?? [])),
    order: fc.array(fc.nat({ max: events.length - 1 }), { maxLength: 6 }).chain((again) =>
      fc.shuffledSubarray([...events, ...again.flatMap((n) => events[n] ?? [])], {
        minLength: events.length + again.length,
      }),
    ),
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 40, maxLength: 40 }),
    faults: fc.array(fc.constantFrom<Fault>('none', 'none', 'before', 'after'), { maxLength: 12 }),
    maxItems: fc.constantFrom(100, 100, 18),
  });
});

const batchesOf = (events: readonly Version[], sizes: readonly number[]): (readonly Incoming[])[] => {
  const left = events.map(incomingOf);
  return sizes.map((size) => left.splice(0, size)).filter((batch) => batch.length > 0);
};

/** As a queue does: what was not handled is delivered again. */
const consume = async (
  queue: (readonly Incoming[])[],
  fold: (batch: readonly Incoming[]) => Promise<unknown>,
) => {
  for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
    try {
      await fold(batch);
    } catch (error) {
      if (!(error instanceof Crash) && !(error instanceof Conflict)) throw error;
      queue.push(batch);
    }
  }
};

describe('folding deals into counters', () => {
  test.prop([deliveries, fc.scheduler()], { numRuns: 400 })(
    'ends in the brute-force counters, whatever the order, repetition, crashes and concurrency',
    async ({ final, order, sizes, faults, maxItems }, scheduler) => {
      const pending = [...faults];
      const table = new InMemoryTable({
        clock,
        fault: () => pending.pop() ?? 'none',
        passing: () => scheduler.schedule(Promise.resolve()),
      });
      const queue = batchesOf(order, sizes);
      const fold = (batch: readonly Incoming[]) => foldFacts(table, batch, { maxItems });
      await scheduler.waitFor(Promise.all([consume(queue, fold), consume(queue, fold)]));
      expect(countersOfItems(table.items())).toEqual(bruteForce(final));
    },
  );

  test.prop([deliveries], { numRuns: 100 })(
    'changes nothing, not even a version, when everything comes again',
    async ({ order, sizes }) => {
      const table = new InMemoryTable({ clock });
      for (const batch of batchesOf(order, sizes)) await foldFacts(table, batch);
      const before = structuredClone(table.items());
      for (const batch of batchesOf(order, sizes)) expect((await foldFacts(table, batch)).changed).toBe(0);
      expect(table.items()).toEqual(before);
    },
  );
});
