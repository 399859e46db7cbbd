import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rebuildBuckets } from '../../../infra/ops/recovery/rebuild-buckets.ts';
import { Failed } from '../../../infra/ops/refusals.ts';
import { dealFact } from '../../../services/metrics/domain/deal-fact.ts';
import { orderFact } from '../../../services/metrics/domain/order-fact.ts';
import { metricsEvents } from '../../../services/metrics/events.ts';
import { foldFacts } from '../../../services/metrics/store/folding.ts';
import { bucketKey } from '../../../services/metrics/store/keys.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { busEventOf, outboxItemOf } from '../../../shared/events/stream-record.ts';
import { Day, instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { deal, eur, id, order, settings, wonDeal } from '../../support/sample-facts.ts';
import { streamRecords } from '../../support/stream.ts';

let dynoxide: Dynoxide;
beforeAll(async () => (dynoxide = await startDynoxide()));
afterAll(async () => dynoxide.stop());

const cause = { correlationId: 'ops-test', actor: 'system' } as const;
const clock = { now: () => instantFrom(Date.parse('2026-11-23T12:00:00Z')) };

/** Ten deals, won, open or reopened, and an order: folded as events would be. */
let table: Table;
beforeEach(async () => {
  table = await dynoxide.table({ clock });
  const first = Array.from({ length: 10 }, (_, n) =>
    wonDeal({ id: id('deal', n), amount: eur(1_000 * n), reportingAmount: eur(1_000 * n) }),
  );
  const reopened = first.slice(0, 3).map((won) => deal({ id: won.id }));
  const facts = (deals: typeof first, version: number) =>
    deals.map((each) => ({ fact: dealFact(each, { epoch: 0, version }, settings), cause }));
  await foldFacts(table, facts(first, 1));
  await foldFacts(table, facts(reopened, 2));
  await foldFacts(table, [{ fact: orderFact(order(), { epoch: 0, version: 1 }, settings), cause }]);
});

const rebuild = async (apply = false) =>
  rebuildBuckets({
    documents: dynoxide.client,
    table,
    cause,
    apply,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
const day = Day.parse('2026-11-11');
const rep = bucketKey({ dimension: 'rep', key: id('mem', 1), day, shard: 0 });
const team = bucketKey({ dimension: 'team', key: id('team', 1), day, shard: 0 });
const industry = bucketKey({ dimension: 'industry', key: 'food', day, shard: 0 });
const nobody = bucketKey({ dimension: 'rep', key: id('mem', 7), day, shard: 0 });

const found = async (key: Key): Promise<Item> => {
  const item = await table.get(key);
  if (item === undefined) throw new Error(`nothing at ${key.pk} ${key.sk}`);
  return item;
};

test('what folding made is what the facts come to', async () => {
  const { facts, buckets } = await rebuild();
  expect(facts).toBe(11);
  expect(buckets).toMatchObject({ differing: 0, missing: 0, surplus: 0 });
  expect(buckets.equal).toBeGreaterThan(10);
});

describe('damaged buckets', () => {
  let right: Item;
  beforeEach(async () => {
    right = await found(rep);
    await table.update({ key: rep, add: { 'c.wonRevenue': 500_000, version: 1 } });
    await table.transact([{ remove: team }]);
    await table.update({ key: industry, add: { 'c.lostDeals': 1 } });
    await table.put({ ...nobody, type: 'bucket', version: 3, epoch: 0, currency: 'EUR', 'c.wonDeals': 2 });
  });

  test('are found, the largest difference first, and left alone by a dry run', async () => {
    const { buckets, largest } = await rebuild();
    expect(buckets).toMatchObject({ differing: 2, missing: 1, surplus: 1 });
    expect(largest[0]).toEqual({
      bucket: `rep:${id('mem', 1)}#2026-11-11#0`,
      finding: 'differing',
      numbers: {
        'c.wonRevenue': {
          live: Number(right['c.wonRevenue']) + 500_000,
          recomputed: right['c.wonRevenue'],
        },
      },
    });
    expect((await rebuild()).buckets).toEqual(buckets);
  });

  test('are written as they should be, and found equal afterwards', async () => {
    await rebuild(true);
    expect((await rebuild()).buckets).toMatchObject({ differing: 0, missing: 0, surplus: 0 });
    const { 'c.wonRevenue': revenue, version } = await found(rep);
    expect(revenue).toBe(right['c.wonRevenue']);
    expect(version).toBe(Number(right.version) + 2);
    expect(await found(nobody)).not.toHaveProperty(['c.wonDeals']);
  });

  test('are told to goals at versions above all that was told before, other buckets to nobody', async () => {
    const versionBefore = Math.max(
      ...(await streamRecords(dynoxide, table.name)).map((record) => outboxItemOf(record)?.version ?? 0),
    );
    const before = (await streamRecords(dynoxide, table.name)).length;
    await rebuild(true);
    const told = (await streamRecords(dynoxide, table.name)).slice(before).flatMap((record) => {
      const item = outboxItemOf(record);
      return item?.outbox.map((entry) => busEventOf(item, entry, metricsEvents).detail) ?? [];
    });
    const bySubject = new Map(told.map(({ metadata, data }) => [metadata.subject, { metadata, data }]));
    expect([...bySubject.keys()].toSorted()).toEqual([
      `bucket:rep:${id('mem', 1)}#2026-11-11#0`,
      `bucket:rep:${id('mem', 7)}#2026-11-11#0`,
      `bucket:team:${id('team', 1)}#2026-11-11#0`,
    ]);
    const gone = bySubject.get(`bucket:team:${id('team', 1)}#2026-11-11#0`);
    expect(gone?.metadata.version).toBeGreaterThan(versionBefore);
  });

  test('folding goes on from there', async () => {
    await rebuild(true);
    const more = wonDeal({ id: id('deal', 20), reportingAmount: eur(700) });
    await foldFacts(table, [{ fact: dealFact(more, { epoch: 0, version: 1 }, settings), cause }]);
    expect((await rebuild()).buckets).toMatchObject({ differing: 0, missing: 0, surplus: 0 });
  });
});

test('it stops between pages when it is told to', async () => {
  const stop = new AbortController();
  stop.abort();
  const stopped = rebuildBuckets({
    documents: dynoxide.client,
    table,
    cause,
    apply: true,
    signal: stop.signal,
    progress: () => undefined,
  });
  await expect(stopped).rejects.toThrow(Failed);
});
