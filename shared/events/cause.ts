import type { Instant } from '../time/instant.ts';
import type { Actor, EventOf } from './contract.ts';

/** What a write stems from; copied into the events that it causes, so that one deal can be followed to its mail. */
export interface Cause {
  /** The same along the whole chain, from the first request on. */
  readonly correlationId: string;
  /** The id of the event that led here; absent at the start of a chain. */
  readonly causationId?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
  /** When the chain began, for telling how long it took; absent where it begins with what is written now. */
  readonly startedAt?: Instant | undefined;
  readonly actor: Actor;
}

/** The cause of whatever is done because of this event. The actor stays: a person's deed is theirs along the chain. */
export const causeOf = ({ metadata }: Pick<EventOf, 'metadata'>): Cause => ({
  correlationId: metadata.correlationId,
  causationId: metadata.id,
  traceparent: metadata.traceparent,
  startedAt: metadata.startedAt ?? metadata.time,
  actor: metadata.actor,
});
