import type { EventBridgeClient, PutEventsCommand, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { MAX_ENTRY_BYTES } from '../../../shared/events/entry-size.ts';
import { busEventBytes, PublishFailed, publisher } from '../../../shared/events/publisher.ts';
import { parcelEvent } from '../../support/event-samples.ts';

/** A bus that keeps the calls it gets, and answers each with what the test says. */
const recordingBus = (
  answer: (call: number, detail: string) => PutEventsResultEntry = () => ({ EventId: 'x' }),
) => {
  const calls: string[][] = [];
  const client = {
    send: async ({ input }: PutEventsCommand) => {
      const details = (input.Entries ?? []).map(({ Detail = '' }) => Detail);
      calls.push(details);
      return { Entries: details.map((detail) => answer(calls.length, detail)), $metadata: {} };
    },
  } as unknown as Pick<EventBridgeClient, 'send'>;
  return { calls, client };
};

test('events go out in order, at most ten a call', async () => {
  const bus = recordingBus();
  const events = Array.from({ length: 23 }, (_, n) => parcelEvent(`p${n}`));
  await publisher('bus', bus.client).publish(events);
  expect(bus.calls.map(({ length }) => length)).toEqual([10, 10, 3]);
  expect(bus.calls.flat()).toEqual(events.map(({ detail }) => JSON.stringify(detail)));
});

test('a call holds at most one megabyte, counted in bytes, not characters', async () => {
  const bus = recordingBus();
  const events = Array.from({ length: 4 }, (_, n) => parcelEvent(`p${n}`, { note: 'ü'.repeat(200_000) }));
  expect(busEventBytes(events[0] ?? parcelEvent('none'))).toBeGreaterThan(400_000);
  await publisher('bus', bus.client).publish(events);
  expect(bus.calls.map(({ length }) => length)).toEqual([2, 2]);
  for (const call of bus.calls) expect(Buffer.byteLength(call.join(''))).toBeLessThan(MAX_ENTRY_BYTES);
});

test('entries that the bus refuses are named, and nothing after that call goes out', async () => {
  const bus = recordingBus((_, detail) =>
    detail.includes('"p3"') ? { ErrorCode: 'ThrottlingException' } : { EventId: 'x' },
  );
  const events = Array.from({ length: 12 }, (_, n) => parcelEvent(`p${n}`));
  const error: unknown = await publisher('bus', bus.client)
    .publish(events)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PublishFailed);
  expect(error).toMatchObject({
    failed: [
      { index: 3, code: 'ThrottlingException', permanent: false },
      { index: 10, code: 'NotAttempted' },
      { index: 11, code: 'NotAttempted' },
    ],
  });
  expect(bus.calls).toHaveLength(1);
});

test('what no repetition changes is told apart from what may pass', async () => {
  const bus = recordingBus(() => ({ ErrorCode: 'MalformedDetail' }));
  await expect(publisher('bus', bus.client).publish([parcelEvent('p')])).rejects.toMatchObject({
    failed: [{ index: 0, code: 'MalformedDetail', permanent: true }],
  });
});

test('a call that fails as a whole fails all the events not yet out', async () => {
  const client = { send: () => Promise.reject(new Error('no network')) } as unknown as Pick<
    EventBridgeClient,
    'send'
  >;
  const events = Array.from({ length: 11 }, (_, n) => parcelEvent(`p${n}`));
  const error: unknown = await publisher('bus', client)
    .publish(events)
    .catch((reason: unknown) => reason);
  expect(error instanceof PublishFailed && error.failed.map(({ index }) => index)).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
});
