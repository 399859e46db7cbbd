import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyBackup, type Restore } from '../../../infra/ops/recovery/apply-backup.ts';
import type { Outcome } from '../../../infra/ops/recovery/decide.ts';
import { writeEpochMarker } from '../../../infra/ops/recovery/epoch-marker.ts';
import { Failed } from '../../../infra/ops/refusals.ts';
import { dealEntity } from '../../../services/deals/store/entities.ts';
import { restated as deals } from '../../../services/deals/restated.ts';
import { restated as goals } from '../../../services/goals/restated.ts';
import { restated as metrics } from '../../../services/metrics/restated.ts';
import { restated as team } from '../../../services/team/restated.ts';
import { Deal } from '../../../services/deals/domain/deal.ts';
import { goalEntity } from '../../../services/goals/store/entities.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { RestatedService } from '../../../shared/events/restated.ts';
import { busEventOf, outboxItemOf } from '../../../shared/events/stream-record.ts';
import { DealId, derivedId } from '../../../shared/ids/id.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { bucketItem, dealItem, goalItem, itemOf, storedSamples } from '../../support/restated-samples.ts';
import { scanned } from '../../support/scan.ts';
import { streamRecords } from '../../support/stream.ts';

let dynoxide: Dynoxide;
beforeAll(async () => (dynoxide = await startDynoxide()));
afterAll(async () => dynoxide.stop());

const RAISED = 2;
const clock = { now: () => instantFrom(Date.parse('2026-11-23T12:00:00Z')) };
const cause = { correlationId: 'ops-test', actor: 'system' } as const;

/** The backup's items, then the live table's; answers what the restore did, and the live table afterwards. */
const given = async (service: RestatedService, backupItems: readonly Item[], liveItems: readonly Item[]) => {
  const [backup, live] = [await dynoxide.table(), await dynoxide.table({ epoch: RAISED, clock })];
  for (const item of backupItems) await backup.put(item);
  for (const item of liveItems) await live.put(item);
  const before = (await streamRecords(dynoxide, live.name)).length;
  const restored = async (over: Partial<Restore> = {}) => {
    const outcomes: [string, Outcome][] = [];
    await applyBackup({
      service,
      documents: dynoxide.client,
      backup,
      live,
      cause,
      apply: true,
      signal: new AbortController().signal,
      onDecided: (item, outcome) => outcomes.push([String(item.pk), outcome]),
      onPage: () => undefined,
      resumeAt: () => undefined,
      ...over,
    });
    return outcomes;
  };
  const told = async () =>
    (await streamRecords(dynoxide, live.name)).slice(before).flatMap((record) => {
      const item = outboxItemOf(record);
      return item?.outbox.map((entry) => busEventOf(item, entry, service.events)) ?? [];
    });
  return { live, restored, told };
};

const dealNamed = (name: string, version: number, over: Partial<Deal> = {}): Item => {
  const state = Deal.parse(dealItem.data);
  return itemOf(dealEntity, { ...state, id: derivedId(DealId, name), name, ...over }, version);
};
const keyed = async (table: Table) =>
  new Map((await scanned(dynoxide, table.name)).map((item) => [String(item.pk), item]));

describe('deals go back to a backup', () => {
  const untouched = dealNamed('untouched', 4);
  const edited = dealNamed('edited', 3);
  const editedSince = dealNamed('edited', 9, { name: 'Nonsense' });
  const lost = dealNamed('lost', 5);
  const made = dealNamed('made', 2);
  const all = [
    [untouched, edited, lost],
    [untouched, editedSince, made],
  ] as const;

  test('what differs is as it was, at a version nobody has seen and the raised epoch', async () => {
    const { live, restored } = await given(deals, ...all);
    const outcomes = Object.fromEntries(await restored());
    expect(outcomes).toEqual({
      [String(untouched.pk)]: 'same',
      [String(edited.pk)]: 'changed back',
      [String(lost.pk)]: 'brought back',
      [String(made.pk)]: 'told as gone',
    });
    const items = await keyed(live);
    expect(items.get(String(untouched.pk))).toEqual(untouched);
    expect(items.get(String(edited.pk))).toMatchObject({ data: edited.data, version: 10, epoch: RAISED });
    expect(items.get(String(lost.pk))).toMatchObject({ data: lost.data, version: 6, epoch: RAISED });
    expect(items.get(String(made.pk))).toMatchObject({ data: { deleted: true }, version: 3, epoch: RAISED });
    expect(items.get(String(made.pk))).not.toHaveProperty('gsi1pk');
  });

  test('only what differs is told again', async () => {
    const { restored, told } = await given(deals, ...all);
    await restored();
    const events = (await told()).map(({ detailType, detail }) => [
      detailType,
      detail.metadata.subject,
      detail.metadata.epoch,
    ]);
    expect(events.toSorted()).toEqual(
      [
        ['DealUpdated.v1', derivedId(DealId, 'edited'), RAISED],
        ['DealUpdated.v1', derivedId(DealId, 'lost'), RAISED],
        ['DealDeleted.v1', derivedId(DealId, 'made'), RAISED],
      ].toSorted(),
    );
  });

  test('the service goes on from there', async () => {
    const { live, restored } = await given(deals, ...all);
    await restored();
    const repository = new Repository(live, dealEntity, cause);
    const deal = await repository.get(derivedId(DealId, 'edited'));
    expect(await repository.save({ ...deal, name: 'Corrected' })).toMatchObject({ version: 11 });
  });

  test('a dry run says the same and writes nothing', async () => {
    const { live, restored } = await given(deals, ...all);
    const before = await keyed(live);
    const dry = await restored({ apply: false });
    expect(await keyed(live)).toEqual(before);
    expect((await restored()).toSorted()).toEqual(dry.toSorted());
  });

  test('repeated after a stop it writes nothing twice', async () => {
    const { live, restored, told } = await given(deals, ...all);
    await restored();
    const [items, events] = [await keyed(live), (await told()).length];
    const again = Object.fromEntries(await restored());
    expect(again[String(edited.pk)]).toBe('done');
    expect(await keyed(live)).toEqual(items);
    expect(await told()).toHaveLength(events);
  });

  test('it ends at a page when it is stopped, and says how to go on', async () => {
    const { restored } = await given(deals, ...all);
    const stop = new AbortController();
    const pages: string[] = [];
    const stopped = restored({
      signal: stop.signal,
      onPage: ({ reading, segment }) => {
        pages.push(`${reading} ${segment}`);
        stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(Failed);
    expect(pages.every((page) => page.startsWith('backup'))).toBe(true);
  });

  test('orders and deliveries made since stay: they are the store’s word', async () => {
    const since = storedSamples.deals.filter(({ type }) =>
      ['order', 'delivery', 'import'].includes(String(type)),
    );
    const { live, restored } = await given(deals, [], since);
    const before = await keyed(live);
    expect(new Set((await restored()).map(([, outcome]) => outcome))).toEqual(new Set(['stays']));
    expect(await keyed(live)).toEqual(before);
  });

  test('what had expired by now stays gone', async () => {
    const expired = {
      pk: 'idempotency-key#1',
      sk: 'claim',
      type: 'idempotency-key',
      expiresAt: 1_700_000_000,
    };
    const { live, restored } = await given(deals, [expired], []);
    await restored();
    expect((await keyed(live)).size).toBe(0);
  });

  test('the marker of an earlier restore is nobody’s state', async () => {
    const { live, restored } = await given(deals, [], []);
    const marker = { epoch: RAISED, restoredTo: clock.now(), at: clock.now(), status: 'restoring' } as const;
    await writeEpochMarker(live, marker);
    expect(await restored()).toEqual([]);
  });

  test('an item that nobody has decided about is an error that names it', async () => {
    const { restored } = await given(deals, [{ pk: 'x', sk: 'y', type: 'riddle' }], []);
    await expect(restored()).rejects.toThrow(/“riddle”.*services\/deals\/restated\.ts/s);
  });
});

describe('goals go back to a backup', () => {
  const at = clock.now();
  const standing = [{ milestone: 25, since: at, announced: true }];

  test('what was told since stays told', async () => {
    const renamed = itemOf(
      goalEntity,
      { ...goalEntity.schema.parse(goalItem.data), name: 'Nonsense', standing },
      7,
    );
    const { live, restored } = await given(goals, [goalItem], [renamed]);
    await restored();
    expect((await keyed(live)).get(String(goalItem.pk))?.data).toMatchObject({
      name: 'Pasta revenue',
      standing,
    });
  });

  test('progress alone is no difference', async () => {
    const moved = itemOf(goalEntity, { ...goalEntity.schema.parse(goalItem.data), standing, episode: 3 }, 7);
    const { restored } = await given(goals, [goalItem], [moved]);
    expect(await restored()).toEqual([[goalItem.pk, 'stays']]);
  });

  test('a measure that comes back is a new revision, which the ledger doesn’t know', async () => {
    const lowered = itemOf(
      goalEntity,
      { ...goalEntity.schema.parse(goalItem.data), target: 5, revision: 4, episode: 2 },
      7,
    );
    const { live, restored } = await given(goals, [goalItem], [lowered]);
    await restored();
    const goal = (await keyed(live)).get(String(goalItem.pk));
    expect(goal?.data).toMatchObject({ target: 10_000_000, revision: 5, episode: 1 });
    expect(Object.fromEntries(await restored())[String(goalItem.pk)]).toBe('done');
  });

  test('a goal made since is cancelled, and watched no longer; the ledger stays', async () => {
    const watch = { pk: 'scope#org', sk: 'goal#1', type: 'watch', goalId: 'goal_1' };
    const alert = storedSamples.goals.filter(({ type }) => type === 'alert');
    const { live, restored } = await given(goals, [], [goalItem, watch, ...alert]);
    await restored();
    const items = await keyed(live);
    expect(items.get(String(goalItem.pk))?.data).toMatchObject({ status: 'cancelled' });
    expect(items.has(watch.pk)).toBe(false);
    expect(items.get(String(alert[0]?.pk))).toEqual(alert[0]);
  });
});

describe('metrics go back to a backup', () => {
  test('a bucket that goals may hold is told as empty, another one goes', async () => {
    const [org, industry] = [
      bucketItem('org', { 'c.wonDeals': 2 }),
      bucketItem('industry', { 'c.wonDeals': 2 }),
    ];
    const { live, restored, told } = await given(metrics, [], [org, industry]);
    await restored();
    const items = await keyed(live);
    expect(items.get(String(org.pk))).not.toHaveProperty(['c.wonDeals']);
    expect(items.has(String(industry.pk))).toBe(false);
    expect((await told()).map(({ detail }) => detail)).toMatchObject([
      { metadata: { version: 4, epoch: RAISED }, data: { counters: {}, movers: [] } },
    ]);
  });

  test('a fact keeps the version of its deal, under a guard that nobody has read', async () => {
    const fact = (version: number, revision: number, text: string) => ({
      pk: 'fact#deal_1',
      sk: 'state',
      type: 'fact',
      epoch: 0,
      version,
      revision,
      fact: text,
    });
    const since = { ...fact(1, 1, 'new'), pk: 'fact#deal_2' };
    const { live, restored } = await given(metrics, [fact(3, 4, 'old')], [fact(5, 6, 'now'), since]);
    await restored();
    expect([...(await keyed(live)).values()]).toEqual([fact(3, 7, 'old')]);
  });
});

test('an address goes back to the member who had it, and stays with one who was made since', async () => {
  const email = (address: string, memberId: string): Item => ({
    pk: `email#${address}`,
    sk: 'owner',
    type: 'email',
    memberId,
  });
  const [member] = storedSamples.team.filter(({ type }) => type === 'member');
  const ada = String(member?.pk).replace('member#', '');
  const newcomer = 'mem_01JDB0PASTAPR0000000000099';
  const since = { ...member, pk: `member#${newcomer}` };
  const { live, restored } = await given(
    team,
    [member ?? {}, email('ada@old.example', ada)],
    [member ?? {}, email('ada@new.example', ada), since, email('new@new.example', newcomer)],
  );
  await restored();
  const items = await keyed(live);
  expect(items.get('email#ada@old.example')?.memberId).toBe(ada);
  expect(items.has('email#ada@new.example')).toBe(false);
  expect(items.has('email#new@new.example')).toBe(true);
});
