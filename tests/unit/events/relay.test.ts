import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import type { ParkedRecord } from '../../../shared/events/parked-records.ts';
import { type BusEvent, type FailedEntry, PublishFailed } from '../../../shared/events/publisher.ts';
import { relayHandler, type RelayOptions } from '../../../shared/events/relay.ts';
import { derivedId, EventId } from '../../../shared/ids/id.ts';
import { stepsOf } from '../../../shared/observability/steps.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { fixedClock, ParcelSent } from '../../support/event-samples.ts';
import { observedLogger, observedMetrics, silentLogger } from '../../support/observed.ts';

interface Written {
  readonly sequence: number;
  readonly id?: string;
  readonly version?: number;
  readonly data?: Record<string, unknown>;
  readonly change?: Record<string, unknown>;
  readonly type?: string;
  readonly correlationId?: string;
  /** Milliseconds since the chain began. */
  readonly sinceStart?: number;
}

/** The stream record of a write that caused one event. */
const written = ({
  sequence,
  id = 'a',
  version = 1,
  data,
  change,
  type = ParcelSent.detailType,
  correlationId = 'req-1',
  sinceStart,
}: Written) => {
  const entryId = derivedId(EventId, id, String(version));
  const item = {
    pk: `parcel#${id}`,
    sk: 'state',
    type: 'parcel',
    version,
    epoch: 2,
    data: { id, weight: version, ...data },
    outboxId: entryId,
    outbox: [
      {
        id: entryId,
        type,
        time: fixedClock.now(),
        correlationId,
        actor: 'system',
        ...(sinceStart !== undefined && { sinceStart }),
        ...(change && { change }),
      },
    ],
  };
  return {
    eventID: `stream-${sequence}`,
    eventName: 'MODIFY',
    dynamodb: { SequenceNumber: String(sequence), NewImage: marshall(item) },
  } as DynamoDBRecord;
};

const setUp = (
  options: Partial<RelayOptions> = {},
  fail: (event: BusEvent) => FailedEntry['code'] | undefined = () => undefined,
) => {
  const out: BusEvent[] = [];
  const parked: ParkedRecord[] = [];
  const metrics = observedMetrics();
  const { logger, lines } = observedLogger();
  const handler = relayHandler(
    { contracts: [ParcelSent], ...options },
    {
      publisher: {
        publish: async (events) => {
          const failed = events.flatMap((event, index): FailedEntry[] => {
            const code = fail(event);
            if (code === undefined) out.push(event);
            return code === undefined ? [] : [{ index, code, permanent: code === 'MalformedDetail' }];
          });
          if (failed.length > 0) throw new PublishFailed(failed);
        },
      },
      parked: { park: async (record) => void parked.push(record) },
      clock: fixedClock,
      logger,
      metrics,
    },
  );
  return { handler, out, parked, metrics, lines };
};

const subjects = (events: readonly BusEvent[]) => events.map(({ detail }) => detail.metadata.subject);

describe('what goes out', () => {
  test('is the state of that very write with what changed, under the id minted then', async () => {
    const { handler, out } = setUp();
    const answer = await handler({
      Records: [written({ sequence: 1, version: 7, change: { note: 'fragile' } })],
    });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(out).toMatchObject([
      {
        source: 'quotaline.deals',
        detailType: 'ParcelSent.v1',
        detail: {
          metadata: {
            id: derivedId(EventId, 'a', '7'),
            subject: 'a',
            version: 7,
            epoch: 2,
            correlationId: 'req-1',
          },
          data: { id: 'a', weight: 7, note: 'fragile' },
        },
      },
    ]);
    expect(out[0]?.detail.metadata).not.toHaveProperty('type');
  });

  test('is nothing for writes without events and for removals', async () => {
    const { handler, out, parked } = setUp();
    const silent = {
      eventName: 'MODIFY',
      dynamodb: { SequenceNumber: '1', NewImage: marshall({ pk: 'x', sk: 'y' }) },
    };
    const removed = { ...written({ sequence: 2 }), eventName: 'REMOVE' as const };
    await handler({ Records: [silent as DynamoDBRecord, removed] });
    expect([out, parked]).toEqual([[], []]);
  });

  test('can be projected, with a subject of its own', async () => {
    const { handler, out } = setUp({
      project: ({ data, item }) => ({ id: `${item.type}-${String(data.id)}`, weight: 0 }),
      subject: ({ item }) => item.pk,
    });
    await handler({ Records: [written({ sequence: 1 })] });
    expect(out[0]?.detail).toMatchObject({
      metadata: { subject: 'parcel#a' },
      data: { id: 'parcel-a', weight: 0 },
    });
  });
});

describe('failures that may pass', () => {
  test('stop the batch at the first record concerned', async () => {
    const { handler, parked } = setUp({}, ({ detail }) =>
      detail.metadata.subject === 'a' ? undefined : 'ThrottlingException',
    );
    const Records = [
      written({ sequence: 9 }),
      written({ sequence: 10, id: 'b' }),
      written({ sequence: 11, id: 'c' }),
    ];
    expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '10' }] });
    expect(parked).toEqual([]);
  });

  test('are not swallowed where they come from elsewhere', async () => {
    const { handler } = setUp({}, () => {
      throw new TypeError('broken');
    });
    await expect(handler({ Records: [written({ sequence: 1 })] })).rejects.toThrow('broken');
  });
});

describe('records that can never be published are parked whole and passed by', () => {
  const broken = [
    ['data that breaks the contract', written({ sequence: 1, data: { weight: 'heavy' } })],
    ['an event that the service does not know', written({ sequence: 1, type: 'ParcelSent.v2' })],
    ['an event larger than the bus takes', written({ sequence: 1, data: { note: 'x'.repeat(1_000_000) } })],
  ] as const;

  test.each(broken)('%s', async (_, record) => {
    const { handler, out, parked, metrics } = setUp();
    const answer = await handler({ Records: [record, written({ sequence: 2, id: 'b' })] });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(subjects(out)).toEqual(['b']);
    expect(parked).toMatchObject([{ id: derivedId(EventId, 'a', '1'), record }]);
    expect(metrics.counts.ParkedRecords).toBe(1);
  });

  test('an outbox that can not be read', async () => {
    const { handler, parked } = setUp();
    const NewImage = marshall({ pk: 'x', sk: 'y', outboxId: 'evt', outbox: 'nonsense' });
    const record = {
      eventID: 'e1',
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: '1', NewImage },
    } as DynamoDBRecord;
    await handler({ Records: [record] });
    expect(parked).toMatchObject([{ id: 'e1', record }]);
  });

  test('what the bus itself refuses for good, while the rest goes out', async () => {
    const { handler, out, parked } = setUp({}, ({ detail }) =>
      detail.metadata.subject === 'a' ? 'MalformedDetail' : undefined,
    );
    const answer = await handler({ Records: [written({ sequence: 1 }), written({ sequence: 2, id: 'b' })] });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(subjects(out)).toEqual(['b']);
    expect(parked).toHaveLength(1);
  });
});

test('a place to park that is out of reach stops the batch there, after what came before went out', async () => {
  const out: BusEvent[] = [];
  const handler = relayHandler(
    { contracts: [ParcelSent] },
    {
      publisher: { publish: async (events) => void out.push(...events) },
      parked: { park: () => Promise.reject(new Error('no S3')) },
      clock: fixedClock,
      logger: silentLogger(),
      metrics: observedMetrics(),
    },
  );
  const Records = [
    written({ sequence: 1, id: 'a' }),
    written({ sequence: 2, id: 'b', data: { weight: 'heavy' } }),
    written({ sequence: 3, id: 'c' }),
  ];
  expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  expect(subjects(out)).toEqual(['a']);
});

describe('coalescing', () => {
  const Records = [
    written({ sequence: 1, id: 'a', version: 1 }),
    written({ sequence: 2, id: 'b', version: 1 }),
    written({ sequence: 3, id: 'a', version: 2 }),
  ];

  test('only the newest state of a subject goes out, merged with what it stands for', async () => {
    const { handler, out, metrics } = setUp({
      coalesce: (older, newer) => ({
        ...newer,
        detail: { ...newer.detail, data: { ...(newer.detail.data as object), before: older.detail.data } },
      }),
    });
    await handler({ Records });
    expect(subjects(out)).toEqual(['b', 'a']);
    expect(out[1]?.detail).toMatchObject({
      metadata: { id: derivedId(EventId, 'a', '2'), version: 2 },
      data: { weight: 2, before: { weight: 1 } },
    });
    expect(metrics.counts.CoalescedEvents).toBe(1);
  });

  test('a merged event that fails is delivered again from its oldest record on', async () => {
    const { handler } = setUp({ coalesce: (_, newer) => newer }, ({ detail }) =>
      detail.metadata.subject === 'a' ? 'InternalFailure' : undefined,
    );
    expect(await handler({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  });
});

test('an event tells when its chain began, where it began before the event', async () => {
  const { handler, out } = setUp();
  await handler({
    Records: [
      written({ sequence: 1, id: 'first' }),
      written({ sequence: 2, id: 'later', sinceStart: 1_500 }),
    ],
  });
  const [first, later] = out.map(({ detail }) => detail.metadata);
  expect(first).not.toHaveProperty('startedAt');
  expect(later).toMatchObject({ startedAt: instantFrom(Date.parse(fixedClock.now()) - 1_500) });
  expect(later).not.toHaveProperty('sinceStart');
});

describe('the log', () => {
  test('has one line for what went out, and one for what did not, each with its chains', async () => {
    const { handler, lines } = setUp({}, ({ detail }) =>
      detail.metadata.subject === 'b' ? 'InternalFailure' : undefined,
    );
    await handler({
      Records: [
        written({ sequence: 1, id: 'a', correlationId: 'one' }),
        written({ sequence: 2, id: 'b', correlationId: 'two' }),
      ],
    });
    expect(lines).toMatchObject([
      {
        level: 'INFO',
        message: 'Event relayed',
        correlationId: 'one',
        subject: 'a',
        eventId: derivedId(EventId, 'a', '1'),
        detailType: 'ParcelSent.v1',
      },
      { level: 'WARN', correlationIds: ['two'], sequenceNumber: '2' },
    ]);
  });

  test('names the chains that end in a merged event', async () => {
    const { handler, lines } = setUp({ coalesce: (_, newer) => newer });
    await handler({
      Records: ['one', 'two', 'two', 'three'].map((correlationId, index) =>
        written({ sequence: index + 1, version: index + 1, correlationId }),
      ),
    });
    expect(lines.flatMap(stepsOf)).toMatchObject([
      { correlationId: 'three', version: 4, mergedCorrelationIds: ['one', 'two'] },
    ]);
  });

  test('names the chain of a parked event', async () => {
    const { handler, lines } = setUp();
    await handler({
      Records: [written({ sequence: 1, data: { weight: 'heavy' }, correlationId: 'one' })],
    });
    expect(lines).toMatchObject([{ level: 'ERROR', correlationId: 'one' }]);
  });
});
