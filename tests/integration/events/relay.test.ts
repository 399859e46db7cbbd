import type * as z from 'zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { outboxOf } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { type BusEvent, PublishFailed } from '../../../shared/events/publisher.ts';
import { relayHandler, type RelayOptions } from '../../../shared/events/relay.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { fixedClock, Parcel, ParcelSent } from '../../support/event-samples.ts';
import { observedMetrics, silentLogger } from '../../support/observed.ts';
import { streamRecords } from '../../support/stream.ts';

const parcelEntity = defineEntity<z.infer<typeof Parcel>>({
  type: 'parcel',
  schema: Parcel,
  key: (id) => ({ pk: `parcel#${id}`, sk: 'state' }),
});
const cause: Cause = {
  correlationId: 'req-1',
  causationId: 'evt-0',
  traceparent: '00-a-b-01',
  actor: 'client:test',
};

let dynoxide: Dynoxide;
beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(() => dynoxide.stop());

/** A relay onto a bus that fails when the test says so. */
const relayOnto = (
  out: BusEvent[],
  options: Partial<RelayOptions> = {},
  failing: (event: BusEvent) => boolean = () => false,
) =>
  relayHandler(
    { contracts: [ParcelSent], ...options },
    {
      publisher: {
        publish: async (events) => {
          const broken = events.findIndex(failing);
          out.push(...(broken < 0 ? events : events.slice(0, broken)));
          if (broken >= 0)
            throw new PublishFailed(
              events
                .slice(broken)
                .map((_, n) => ({ index: broken + n, code: 'InternalFailure', permanent: false })),
            );
        },
      },
      parked: { park: () => Promise.reject(new Error('nothing is to be parked here')) },
      clock: fixedClock,
      logger: silentLogger(),
      metrics: observedMetrics(),
    },
  );

test('every write that causes an event is told once, in order, with the state of that very write', async () => {
  const table = await dynoxide.table({ epoch: 1 });
  const parcels = new Repository(table, parcelEntity, cause);
  const first = await parcels.create({ id: 'p', weight: 1 }, ParcelSent);
  const second = await parcels.save(
    { ...first, weight: 2 },
    { contract: ParcelSent, change: { note: 'heavier' } },
  );
  const silent = await parcels.save({ ...second, weight: 3 });
  await parcels.save({ ...silent, weight: 4 }, ParcelSent);

  const out: BusEvent[] = [];
  await relayOnto(out)({ Records: await streamRecords(dynoxide, table.name) });
  expect(out.map(({ detail }) => [detail.metadata.version, detail.data])).toEqual([
    [1, { id: 'p', weight: 1 }],
    [2, { id: 'p', weight: 2, note: 'heavier' }],
    [4, { id: 'p', weight: 4 }],
  ]);
  expect(out[0]?.detail.metadata).toMatchObject({ ...cause, subject: 'p', epoch: 1 });
});

test('a relay that stopped goes on from there, and the events keep their ids', async () => {
  const table = await dynoxide.table();
  const parcels = new Repository(table, parcelEntity, cause);
  for (const id of ['a', 'b', 'c']) await parcels.create({ id, weight: 1 }, ParcelSent);
  const Records = await streamRecords(dynoxide, table.name);

  const before: BusEvent[] = [];
  const isB = ({ detail }: BusEvent) => detail.metadata.subject === 'b';
  const { batchItemFailures } = await relayOnto(before, {}, isB)({ Records });
  const from = Records.findIndex(
    ({ dynamodb }) => dynamodb?.SequenceNumber === batchItemFailures[0]?.itemIdentifier,
  );
  const after: BusEvent[] = [];
  await relayOnto(after)({ Records: Records.slice(from) });
  expect([...before, ...after].map(({ detail }) => detail.metadata.subject)).toEqual(['a', 'b', 'c']);

  const again: BusEvent[] = [];
  await relayOnto(again)({ Records });
  expect(again).toEqual([...before, ...after]);
});

test('counters that are changed blindly tell their latest state once a batch', async () => {
  const table = await dynoxide.table();
  for (let n = 0; n < 5; n += 1)
    await table.transact([
      {
        update: {
          key: { pk: 'bucket#org', sk: '0' },
          add: { 'c.weight': n, version: 1 },
          set: { type: 'bucket', epoch: 0, ...outboxOf(ParcelSent, cause, fixedClock) },
        },
      },
    ]);
  const out: BusEvent[] = [];
  await relayOnto(out, {
    project: ({ item }) => ({ id: item.sk, weight: item['c.weight'] }),
    coalesce: (_, newer) => newer,
  })({ Records: await streamRecords(dynoxide, table.name) });
  expect(out).toMatchObject([
    { detail: { metadata: { subject: 'bucket#org#0', version: 5 }, data: { id: '0', weight: 10 } } },
  ]);
});
