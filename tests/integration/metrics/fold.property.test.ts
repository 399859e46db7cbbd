import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { dealFact } from '../../../services/metrics/domain/deal-fact.ts';
import { foldFacts } from '../../../services/metrics/store/folding.ts';
import { bruteForce, countersOfItems } from '../../support/brute-force.ts';
import { histories, type Version } from '../../support/deal-histories.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { settings } from '../../support/sample-facts.ts';
import { scanned } from '../../support/scan.ts';
import { clock } from './metrics-service.ts';

const incomingOf = ({ state, ...version }: Version) => ({
  fact: dealFact(state, version, settings),
  cause: { correlationId: 'test', actor: 'system' as const },
});

const shuffledTwice = histories.chain((deals) => {
  const events = deals.flat();
  return fc.record({
    final: fc.constant(deals.flatMap((versions) => versions.at(-1)?.state ?? [])),
    order: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
  });
});

describe('folding deals into counters, against the engine', () => {
  let dynoxide: Dynoxide;
  beforeAll(async () => {
    dynoxide = await startDynoxide();
  });
  afterAll(async () => dynoxide.stop());

  test.prop([shuffledTwice], { numRuns: 12, endOnFailure: true })(
    'ends in the brute-force counters when two consumers take everything twice, in any order',
    async ({ final, order }) => {
      const table = await dynoxide.table({ clock });
      const consume = async (events: readonly Version[]) => {
        for (let from = 0; from < events.length; from += 3)
          await foldFacts(table, events.slice(from, from + 3).map(incomingOf));
      };
      const half = Math.ceil(order.length / 2);
      await Promise.all([consume(order.slice(0, half)), consume(order.slice(half))]);
      expect(countersOfItems(await scanned(dynoxide, table.name))).toEqual(bruteForce(final));
    },
  );
});
