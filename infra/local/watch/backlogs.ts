import type { LocalClock } from '../clock.ts';
import type { Queues } from '../queues.ts';
import type { Look } from './watch.ts';

/** A function that reads a table's stream. */
export interface StreamReader {
  readonly spec: { readonly functionName: string };
  /** When the oldest record that is not done with was written, in milliseconds of the machine's time; undefined when none waits. */
  oldestWaiting(): number | undefined;
}

export const iteratorAge = (functionName: string) => ({
  namespace: 'AWS/Lambda',
  name: 'IteratorAge',
  dimensions: { FunctionName: functionName },
});

const queueMetric = (queue: string, name: string) => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName: queue },
});

/** What waits in queues (messages, seconds) and streams (milliseconds). */
export const backlogs =
  (queues: Queues, streams: () => readonly StreamReader[], clock: LocalClock): Look =>
  (store) => {
    const waiting = queues.names().map((name) => ({ name, ...queues.counts(name) }));
    const records = streams().flatMap((stream) => {
      const written = stream.oldestWaiting();
      return written === undefined ? [] : [{ stream, written: clock.localTimeOf(written) }];
    });
    return (at) => {
      for (const { name, visible, oldestSentAt = at } of waiting) {
        const age = Math.max(0, Math.floor((at - oldestSentAt) / 1000));
        store.observe(queueMetric(name, 'ApproximateNumberOfMessagesVisible'), visible, at);
        store.observe(queueMetric(name, 'ApproximateAgeOfOldestMessage'), age, at);
      }
      for (const { stream, written } of records)
        store.observe(iteratorAge(stream.spec.functionName), Math.max(0, at - written), at);
    };
  };
