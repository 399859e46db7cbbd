import type { SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { consumer, type ConsumerOptions } from '../../../shared/events/consumer.ts';
import type { BusEvent } from '../../../shared/events/publisher.ts';
import { fixedClock, parcelEvent, ParcelSent } from '../../support/event-samples.ts';
import { observedMetrics, silentLogger } from '../../support/observed.ts';

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

test('a batch that fails together is handled one by one, so that only the bad one comes again', async () => {
  const alone: string[] = [];
  const { handler, metrics } = setUp(async (messages) => {
    if (messages.some(({ event }) => event.data.id === 'bad')) throw new Error('can not be folded');
    alone.push(...messages.map(({ messageId }) => messageId));
  });
  const Records = ['a', 'bad', 'c'].map((id) => message(id, body(parcelEvent(id))));
  expect(await handler({ Records })).toEqual(failures('bad'));
  expect(alone).toEqual(['a', 'c']);
  expect(metrics.counts).toMatchObject({ BatchFallbacks: 1, FailedMessages: 1 });
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
