import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { consumer, type ConsumerOptions } from '../../../shared/events/consumer.ts';
import type { BusEvent } from '../../../shared/events/publisher.ts';
import { stepsOf } from '../../../shared/observability/steps.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { fixedClock, parcelEvent, ParcelSent } from '../../support/event-samples.ts';
import { observedLogger, observedMetrics, silentLogger } from '../../support/observed.ts';

const body = ({ source, detailType, detail }: BusEvent): string =>
  JSON.stringify({
    version: '0',
    id: 'x',
    source,
    'detail-type': detailType,
    time: fixedClock.now(),
    detail,
  });

const message = (messageId: string, text: string): SQSRecord =>
  ({ messageId, body: text, attributes: { ApproximateReceiveCount: '2' } }) as SQSRecord;

const setUp = (handle: ConsumerOptions<typeof ParcelSent>['handle']) => {
  const metrics = observedMetrics();
  return {
    metrics,
    handler: consumer({ subscription: { contracts: [ParcelSent] }, handle, logger: silentLogger(), metrics }),
  };
};
const failures = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

test('a batch is handled at once, each event parsed and with its cause', async () => {
  const seen: unknown[] = [];
  const { handler } = setUp(async (messages, { count }) => {
    seen.push(messages.map(({ event, cause, receiveCount }) => ({ event, cause, receiveCount })));
    count('DuplicateEvents', 2);
  });
  const event = parcelEvent('a');
  const answer = await handler({
    Records: [message('1', body(event)), message('2', body(parcelEvent('b')))],
  });
  expect(answer).toEqual(failures());
  expect(seen).toMatchObject([
    [
      {
        event: { detailType: 'ParcelSent.v1', data: { id: 'a', weight: 1 } },
        cause: { correlationId: 'req-1', causationId: event.detail.metadata.id, actor: 'system' },
        receiveCount: 2,
      },
      { event: { data: { id: 'b' } } },
    ],
  ]);
});

test('messages that hold no event of the subscription fail alone', async () => {
  const handled: string[] = [];
  const { handler, metrics } = setUp(async (messages) => {
    handled.push(...messages.map(({ messageId }) => messageId));
  });
  const good = parcelEvent('a');
  const Records = [
    message('not-json', '{'),
    message('not-an-envelope', '{"detail":{}}'),
    message('wrong-major', body({ ...good, detailType: 'ParcelSent.v2' })),
    message('wrong-source', body({ ...good, source: 'quotaline.team' })),
    message('wrong-data', body(parcelEvent('b', { weight: Number.NaN }))),
    message('good', body(good)),
  ];
  const answer = await handler({ Records });
  expect(answer).toEqual(
    failures('not-json', 'not-an-envelope', 'wrong-major', 'wrong-source', 'wrong-data'),
  );
  expect(handled).toEqual(['good']);
  expect(metrics.counts.InvalidMessages).toBe(5);
});

/** Handles nothing that holds one of the bad ones; tells the sizes of what it was handed, and what was done. */
const refusing = (...bad: readonly string[]) => {
  const sizes: number[] = [];
  const done: string[] = [];
  const handle: ConsumerOptions<typeof ParcelSent>['handle'] = async (messages) => {
    sizes.push(messages.length);
    if (messages.some(({ messageId }) => bad.includes(messageId))) throw new Error('can not be folded');
    done.push(...messages.map(({ messageId }) => messageId));
  };
  return { sizes, done, handle };
};
const recordsOf = (ids: readonly string[]) => ids.map((id) => message(id, body(parcelEvent(id))));

describe('a batch that fails together', () => {
  test('is handled in halves, so that only the bad one comes again', async () => {
    const { sizes, done, handle } = refusing('c');
    const { handler, metrics } = setUp(handle);
    expect(await handler({ Records: recordsOf(['a', 'b', 'c', 'd', 'e']) })).toEqual(failures('c'));
    expect(done).toEqual(['a', 'b', 'd', 'e']);
    expect(sizes).toEqual([5, 3, 2, 1, 2]);
    expect(metrics.counts).toMatchObject({ BatchFallbacks: 1, FailedMessages: 1 });
  });

  test('costs some attempts by the logarithm of its size for one bad message', async () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `m${index}`);
    const { sizes, done, handle } = refusing('m1234');
    const { handler } = setUp(handle);
    expect(await handler({ Records: recordsOf(ids) })).toEqual(failures('m1234'));
    expect(done).toHaveLength(1_999);
    expect(sizes.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(2_000)) + 1);
  });

  test('gives back what there is no time left for, and keeps what was done', async () => {
    const { done, handle } = refusing('b');
    const { lines, logger } = observedLogger();
    const metrics = observedMetrics();
    const handler = consumer({ subscription: { contracts: [ParcelSent] }, handle, logger, metrics });
    // Two of the parts are begun in time: the first half, and its first.
    const times = [20_000, 6_000, 4_999, 4_000, 3_000];
    const answer = await handler(
      { Records: recordsOf(['a', 'b', 'c', 'd']) },
      { getRemainingTimeInMillis: () => times.shift() ?? 0 },
    );
    expect(answer).toEqual(failures('b', 'c', 'd'));
    expect(done).toEqual(['a']);
    expect(metrics.counts).toMatchObject({ BatchFallbacks: 1, FailedMessages: 3 });
    expect(lines.filter(({ message: text }) => String(text).includes('no time left'))).toMatchObject([
      { level: 'WARN', size: 1, correlationIds: ['req-1'] },
      { level: 'WARN', size: 2, correlationIds: ['req-1'] },
    ]);
  });

  test('is tried once however little time there is', async () => {
    const { done, handle } = refusing();
    const { handler } = setUp(handle);
    await handler({ Records: recordsOf(['a', 'b']) }, { getRemainingTimeInMillis: () => 100 });
    expect(done).toEqual(['a', 'b']);
  });
});

describe('what is logged', () => {
  const logged = async (
    handle: ConsumerOptions<typeof ParcelSent>['handle'],
    records: readonly SQSRecord[],
  ) => {
    const { lines, logger } = observedLogger();
    const metrics = observedMetrics();
    const handler = consumer({ subscription: { contracts: [ParcelSent] }, handle, logger, metrics });
    await handler({ Records: [...records] });
    return { lines, metrics };
  };

  test('is one line per batch, with what became of each event, and counts what changed nothing', async () => {
    const { lines, metrics } = await logged(
      async () => ({ outcomes: ['done', 'duplicate', 'stale', 'stale'] }),
      recordsOf(['a', 'b', 'c', 'd']),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      message: 'Event taken in',
      correlationId: 'req-1',
      events: [{ subject: 'a', outcome: 'done' }, { outcome: 'duplicate' }, {}, {}],
    });
    expect(lines.flatMap(stepsOf)).toMatchObject(
      ['done', 'duplicate', 'stale', 'stale'].map((outcome, index) => ({
        correlationId: 'req-1',
        detailType: 'ParcelSent.v1',
        subject: ['a', 'b', 'c', 'd'][index],
        outcome,
      })),
    );
    expect(metrics.counts).toMatchObject({ DuplicateEvents: 1, StaleEvents: 2 });
  });

  test('leaves out what comes again: that has a line of its own', async () => {
    const { lines } = await logged(async () => ({ failed: ['a'] }), recordsOf(['a', 'b']));
    expect(lines.flatMap(stepsOf)).toMatchObject([{ subject: 'b' }]);
  });

  test('names the chain of an invalid event where it can be read, and nothing of its data', async () => {
    const bad = parcelEvent('bad', { weight: Number.NaN, note: 'for Rosa' });
    const { lines } = await logged(async () => undefined, [message('x', body(bad)), message('y', '{')]);
    expect(lines).toMatchObject([
      { level: 'ERROR', messageId: 'x', correlationId: 'req-1', subject: 'bad' },
      { level: 'ERROR', messageId: 'y' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('Rosa');
  });
});

test('an event of a replay is told from a new one', async () => {
  const seen: unknown[] = [];
  const { handler } = setUp(async (messages) => {
    seen.push(...messages.map(({ event }) => event.isReplayed ?? false));
  });
  const replayed = JSON.stringify({ ...JSON.parse(body(parcelEvent('a'))), 'replay-name': 'monday' });
  await handler({ Records: [message('1', replayed), message('2', body(parcelEvent('b')))] });
  expect(seen).toEqual([true, false]);
});

test('a cause knows when its chain began: with the first event, or before it', async () => {
  const seen: unknown[] = [];
  const { handler } = setUp(async (messages) => {
    seen.push(...messages.map(({ cause }) => cause.startedAt));
  });
  const first = parcelEvent('a');
  const startedAt = instantFrom(Date.UTC(2026, 10, 23, 9));
  const later = { ...first, detail: { ...first.detail, metadata: { ...first.detail.metadata, startedAt } } };
  await handler({ Records: [message('1', body(first)), message('2', body(later))] });
  expect(seen).toEqual([fixedClock.now(), startedAt]);
});

test('the handler may name those that shall come again', async () => {
  const { handler } = setUp(async () => ({ failed: ['b'] }));
  const Records = ['a', 'b'].map((id) => message(id, body(parcelEvent(id))));
  expect(await handler({ Records })).toEqual(failures('b'));
});

test('metrics are written once per invocation, whatever happens', async () => {
  const { handler, metrics } = setUp(async () => {
    throw new Error('always');
  });
  await handler({ Records: [message('a', body(parcelEvent('a')))] });
  expect(metrics.flushed()).toBe(1);
});
