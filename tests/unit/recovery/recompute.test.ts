import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { differenceBetween, largestOf, Recomputation } from '../../../infra/ops/recovery/recompute.ts';
import { contribution, difference } from '../../../services/metrics/domain/contribution.ts';
import { dealFact } from '../../../services/metrics/domain/deal-fact.ts';
import { Day } from '../../../shared/time/instant.ts';
import { deal, eur, id, settings, wonDeal } from '../../support/sample-facts.ts';

const address = { dimension: 'org', key: 'org', day: Day.parse('2026-11-20'), shard: 0 } as const;
const version = { epoch: 0, version: 1 };

const facts = fc
  .array(fc.record({ isWon: fc.boolean(), amount: fc.integer({ min: 0, max: 1_000_000 }) }), {
    maxLength: 12,
  })
  .map((deals) =>
    deals.map(({ isWon, amount }, n) =>
      dealFact(
        (isWon ? wonDeal : deal)({ id: id('deal', n), reportingAmount: eur(amount) }),
        version,
        settings,
      ),
    ),
  );

test.prop([facts])('adding facts up comes to what folding them one by one does', (all) => {
  const recomputation = new Recomputation();
  for (const fact of all) recomputation.add(fact);
  const folded = new Map<string, Record<string, number>>();
  for (const fact of all)
    for (const [bucket, { add }] of difference(undefined, fact)) {
      const sum = folded.get(bucket) ?? {};
      for (const [name, by] of Object.entries(add)) sum[name] = (sum[name] ?? 0) + by;
      folded.set(bucket, sum);
    }
  for (const fact of all)
    for (const [bucket, { address: of }] of contribution(fact)) {
      const taken = recomputation.take(of);
      if (taken === undefined) continue;
      const nonZero = Object.entries(folded.get(bucket) ?? {}).filter(([, value]) => value !== 0);
      expect(taken.numbers).toEqual(Object.fromEntries(nonZero));
    }
  expect(recomputation.rest()).toEqual([]);
});

test('numbers that are zero on one side and absent on the other are equal', () => {
  expect(differenceBetween(address, {}, undefined)).toBeUndefined();
  expect(differenceBetween(address, undefined, { 'c.wonDeals': 1 })?.finding).toBe('missing');
  expect(differenceBetween(address, { 'c.wonDeals': 1 }, undefined)?.finding).toBe('surplus');
});

test('the largest differences are those of won revenue', () => {
  const off = (name: string, by: number) => {
    const found = differenceBetween(address, { [name]: by }, undefined);
    return found === undefined ? [] : [found];
  };
  const all = [...off('c.cycleDaysWon', 9_000), ...off('c.wonRevenue', 10), ...off('c.wonRevenue', 500)];
  expect(largestOf(all, 2).map(({ numbers }) => numbers)).toEqual([
    { 'c.wonRevenue': { live: 500, recomputed: 0 } },
    { 'c.wonRevenue': { live: 10, recomputed: 0 } },
  ]);
});
