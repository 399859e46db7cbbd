import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Logger } from '../observability/logger.ts';
import type { OperationalMetrics } from '../observability/metrics.ts';
import { steps, tellSteps } from '../observability/steps.ts';
import type { Clock } from '../time/instant.ts';
import { coalesced, type Coalesce, type Outgoing } from './coalesce.ts';
import { MAX_ENTRY_BYTES } from './entry-size.ts';
import type { ParkedRecords } from './parked-records.ts';
import {
  busEventBytes,
  type FailedEntry,
  NOT_ATTEMPTED,
  type Publisher,
  PublishFailed,
} from './publisher.ts';
import { chainsOf, stepOf } from './relay-steps.ts';
import { busEventOf, type EventMapping, outboxItemOf } from './stream-record.ts';

export interface RelayOptions extends EventMapping {
  /** Merges events of one subject within a batch, where each carries the whole state and only the newest matters. */
  readonly coalesce?: Coalesce | undefined;
}

export interface RelayDependencies {
  readonly publisher: Publisher;
  readonly parked: ParkedRecords;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: OperationalMetrics;
}

/** Something that may pass: the batch stops at this record and is delivered again from there. */
class StopAt extends Error {
  override readonly name = 'StopAt';
  readonly sequenceNumber: string;

  constructor(sequenceNumber: string, cause: unknown) {
    super('The relay stopped; the stream will deliver the rest again.', { cause });
    this.sequenceNumber = sequenceNumber;
  }
}

/**
 * A stream's Lambda handler: publishes what rides on the items' outboxes, in the stream's order. What may pass is
 * retried from the first record concerned; what can never be published is parked whole, counted, and passed by.
 */
export const relayHandler = (options: RelayOptions, dependencies: RelayDependencies) => {
  const { publisher, parked, clock, logger, metrics } = dependencies;

  const park = async (
    record: DynamoDBRecord,
    { id, correlationId }: { readonly id: string; readonly correlationId?: string | undefined },
    reason: string,
  ): Promise<void> => {
    const sequenceNumber = sequenceNumberOf(record);
    try {
      await parked.park({ id, reason, record }, clock.now());
    } catch (error) {
      throw new StopAt(sequenceNumber, error);
    }
    logger.error('An event that can never be published was parked', {
      correlationId,
      eventId: id,
      reason,
      sequenceNumber,
    });
    metrics.count('ParkedRecords');
  };

  /** The record's events; those that no bus will take are parked. */
  const prepare = async (record: DynamoDBRecord): Promise<Outgoing[]> => {
    const outgoing: Outgoing[] = [];
    const entries = await attempt(
      () => outboxItemOf(record),
      (reason) => park(record, { id: record.eventID ?? sequenceNumberOf(record) }, reason),
    );
    for (const entry of entries?.outbox ?? []) {
      const event = await attempt(
        () => entries && busEventOf(entries, entry, options),
        (reason) => park(record, entry, reason),
      );
      if (event === undefined) continue;
      const bytes = busEventBytes(event);
      if (bytes > MAX_ENTRY_BYTES) await park(record, entry, `${bytes} bytes are more than the bus takes`);
      else outgoing.push({ event, records: [record] });
    }
    return outgoing;
  };

  /** Adds what got onto the bus to `sent`, also when it throws. */
  const send = async (outgoing: readonly Outgoing[], sent: Outgoing[]): Promise<void> => {
    let pending = outgoing;
    while (pending.length > 0) {
      const failed = await publish(publisher, pending);
      const left = new Set(failed.map(({ index }) => index));
      sent.push(...pending.filter((_, index) => !left.has(index)));
      metrics.count('PublishedEvents', pending.length - failed.length);
      const waiting = failed.filter(({ permanent }) => !permanent);
      let reason: unknown = waiting.find(isAttempted)?.code;
      for (const entry of failed.filter(({ permanent }) => permanent)) {
        const refused = pending[entry.index];
        const record = refused?.records.at(-1);
        if (!refused || !record) continue;
        try {
          await park(record, refused.event.detail.metadata, `The bus refused it: ${entry.code}`);
        } catch (error) {
          waiting.push(entry);
          reason = error;
        }
      }
      if (waiting.some(isAttempted)) throw new StopAt(firstSequenceNumber(pending, waiting), reason);
      pending = waiting.flatMap(({ index }) => pending[index] ?? []);
    }
  };

  /** Publishes what comes before a record that can't be dealt with now; answers with the first such record. */
  const relayAll = async (records: readonly DynamoDBRecord[]): Promise<StopAt | undefined> => {
    const begin = performance.now();
    const outgoing: Outgoing[] = [];
    const sent: Outgoing[] = [];
    let due: readonly Outgoing[] = outgoing;
    let stop: StopAt | undefined;
    try {
      for (const record of records) outgoing.push(...(await prepare(record)));
    } catch (error) {
      stop = stopOf(error);
    }
    try {
      due = coalesced(outgoing, options.coalesce);
      metrics.count('CoalescedEvents', outgoing.length - due.length);
      await send(due, sent);
    } catch (error) {
      stop = earlier(stop, stopOf(error));
    } finally {
      tellSteps(logger, steps.relayed, sent.map(stepOf), { ms: Math.round(performance.now() - begin) });
    }
    if (stop)
      logger.warn(stop.message, {
        sequenceNumber: stop.sequenceNumber,
        correlationIds: chainsOf(due.filter((one) => !sent.includes(one))),
        error: stop,
      });
    return stop;
  };

  return async ({ Records }: Pick<DynamoDBStreamEvent, 'Records'>): Promise<DynamoDBBatchResponse> => {
    try {
      const stop = await relayAll(Records);
      return { batchItemFailures: stop ? [{ itemIdentifier: stop.sequenceNumber }] : [] };
    } finally {
      metrics.flush();
    }
  };
};

const sequenceNumberOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? '';

const stopOf = (error: unknown): StopAt => {
  if (error instanceof StopAt) return error;
  throw error;
};

/** Sequence numbers are decimals of up to 40 digits. */
const earlier = (a: StopAt | undefined, b: StopAt): StopAt =>
  a !== undefined && BigInt(a.sequenceNumber) < BigInt(b.sequenceNumber) ? a : b;

const attempt = async <T>(
  build: () => T,
  onInvalid: (reason: string) => Promise<void>,
): Promise<T | undefined> => {
  try {
    return build();
  } catch (error) {
    await onInvalid(error instanceof Error ? error.message : String(error));
    return undefined;
  }
};

const publish = async (
  publisher: Publisher,
  outgoing: readonly Outgoing[],
): Promise<readonly FailedEntry[]> => {
  try {
    await publisher.publish(outgoing.map(({ event }) => event));
    return [];
  } catch (error) {
    if (error instanceof PublishFailed) return error.failed;
    throw error;
  }
};

const isAttempted = ({ code }: FailedEntry): boolean => code !== NOT_ATTEMPTED;

/** Of all records whose events are neither out nor parked, merged ones included. */
const firstSequenceNumber = (pending: readonly Outgoing[], waiting: readonly FailedEntry[]): string =>
  waiting
    .flatMap(({ index }) => pending[index]?.records ?? [])
    .map(sequenceNumberOf)
    .reduce((first, number) => (BigInt(number) < BigInt(first) ? number : first));
