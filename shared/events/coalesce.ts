import type { DynamoDBRecord } from 'aws-lambda';
import type { BusEvent } from './publisher.ts';

/** An event with the stream records that it speaks for. */
export interface Outgoing {
  readonly event: BusEvent;
  /** In the stream's order. */
  readonly records: readonly DynamoDBRecord[];
  /** Chains of the events that it stands for beside its own. */
  readonly mergedCorrelationIds?: readonly string[];
}

/** The event that stands for both; the newer's metadata must stay, as its version and id are the state's. */
export type Coalesce = (older: BusEvent, newer: BusEvent) => BusEvent;

const mergedInto = (next: Outgoing, older: Outgoing, merge: Coalesce): Outgoing => {
  const own = next.event.detail.metadata.correlationId;
  const chains = new Set(older.mergedCorrelationIds).add(older.event.detail.metadata.correlationId);
  chains.delete(own);
  return {
    event: merge(older.event, next.event),
    records: [...older.records, ...next.records],
    ...(chains.size > 0 && { mergedCorrelationIds: [...chains] }),
  };
};

/** One event per subject and detail-type, at the place of the newest, so that order per subject holds. */
export const coalesced = (
  outgoing: readonly Outgoing[],
  merge: Coalesce | undefined,
): readonly Outgoing[] => {
  if (merge === undefined) return outgoing;
  const newest = new Map<string, Outgoing>();
  for (const next of outgoing) {
    const key = JSON.stringify([next.event.detail.metadata.subject, next.event.detailType]);
    const older = newest.get(key);
    newest.delete(key);
    newest.set(key, older ? mergedInto(next, older, merge) : next);
  }
  return [...newest.values()];
};
