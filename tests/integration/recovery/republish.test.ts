import { afterAll, beforeAll, expect, test } from 'vitest';
import { republish } from '../../../infra/ops/commands/republish.ts';
import { Failed, NotUnderstood } from '../../../infra/ops/refusals.ts';
import { dealsEvents } from '../../../services/deals/events.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { EventMapping } from '../../../shared/events/stream-record.ts';
import { busEventOf, outboxItemOf } from '../../../shared/events/stream-record.ts';
import { metricsEvents } from '../../../services/metrics/events.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { type OperatedTables, operatedTables } from '../../support/operated-tables.ts';
import { bucketItem, dealItem, storedSamples } from '../../support/restated-samples.ts';
import { streamRecords } from '../../support/stream.ts';

let dynoxide: Dynoxide;
let stage: OperatedTables;
beforeAll(async () => {
  dynoxide = await startDynoxide();
  stage = await operatedTables(dynoxide, 'test');
  await stage.tables.deals.put(dealItem);
  await stage.tables.metrics.put(bucketItem('org', { 'c.wonDeals': 2 }));
  for (const item of storedSamples.goals) await stage.tables.goals.put(item);
});
afterAll(async () => dynoxide.stop());

const idOf = ({ data }: Item): string => (data as { readonly id: string }).id;

const told = async (table: Table, mapping: EventMapping) =>
  (await streamRecords(dynoxide, table.name)).flatMap((record) => {
    const item = outboxItemOf(record);
    return item?.outbox.map((entry) => busEventOf(item, entry, mapping)) ?? [];
  });

test('a dry run says what would be told, and who would hear it', async () => {
  await republish.run(stage.context([idOf(dealItem)]));
  expect(stage.text()).toMatch(
    /would be told again as DealUpdated\.v1, version 3, epoch 1: heard by team-audit, deals-commerce, metrics-facts/,
  );
  expect(await told(stage.tables.deals, dealsEvents)).toEqual([]);
});

test('a deal is told again at the version it has, under the id that the operator was given', async () => {
  await republish.run(stage.context([idOf(dealItem)], { apply: true }));
  const [event] = await told(stage.tables.deals, dealsEvents);
  expect(event?.detail.metadata).toMatchObject({
    subject: idOf(dealItem),
    version: 3,
    epoch: 1,
    actor: 'system',
  });
  expect(stage.text()).toContain(event?.detail.metadata.id);
  const {
    outbox: _outbox,
    outboxId: _outboxId,
    ...item
  } = (await stage.tables.deals.get({ pk: String(dealItem.pk), sk: 'state' })) ?? {};
  expect(item).toEqual(dealItem);
});

test('a bucket is found by the subject of its events', async () => {
  await republish.run(stage.context(['bucket:org#2026-11-20#0'], { apply: true }));
  const [event] = await told(stage.tables.metrics, metricsEvents);
  expect(event?.detail).toMatchObject({
    metadata: { subject: 'bucket:org#2026-11-20#0', version: 3 },
    data: { scope: 'org', counters: { wonDeals: 2 }, movers: [] },
  });
});

test('several ids of several services go at once', async () => {
  const ids = storedSamples.goals.map(idOf);
  await republish.run(stage.context([...ids, idOf(dealItem)]));
  expect(stage.outcome()).toMatchObject([
    { item: 'goal', event: 'GoalUpdated.v1', listeners: ['team-audit'] },
    { item: 'goals-at-risk', event: 'GoalsAtRiskListed.v1' },
    { item: 'alert', event: 'AlertSent.v1' },
    { item: 'job', event: 'GoalsJobAdvanced.v1' },
    { item: 'deal', listeners: ['team-audit', 'deals-commerce', 'metrics-facts'] },
  ]);
});

test('an id that is none says which there are, and one that is not stored says where it was looked for', async () => {
  await expect(republish.run(stage.context(['deal-17']))).rejects.toThrow(NotUnderstood);
  await expect(republish.run(stage.context(['deal-17']))).rejects.toThrow(/deal_….*bucket:org/s);
  const missing = 'imp_01JDB0PASTAPR0000000000099';
  await expect(republish.run(stage.context([missing]))).rejects.toThrow(Failed);
  await expect(republish.run(stage.context([missing]))).rejects.toThrow(
    /quotaline-test-team or quotaline-test-deals/,
  );
});
