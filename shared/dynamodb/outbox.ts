import * as z from 'zod';
import { TooLarge } from '../errors/errors.ts';
import { Actor, type EventContract } from '../events/contract.ts';
import type { Cause } from '../events/cause.ts';
import { entryBytes, MAX_ENTRY_BYTES } from '../events/entry-size.ts';
import { EventId, newId } from '../ids/id.ts';
import { type Clock, Instant } from '../time/instant.ts';

/** An event that a write causes; `change` holds what the new state alone does not tell. */
export type OutboxEvent =
  | EventContract
  | { readonly contract: EventContract; readonly change?: Readonly<Record<string, unknown>> | undefined };

/** An event as it rides on its item: everything but the state, which the relay takes from the stream's image. */
export const OutboxEntry = z.object({
  id: EventId,
  /** The contract's detail-type. */
  type: z.string(),
  time: Instant,
  correlationId: z.string(),
  causationId: z.string().optional(),
  traceparent: z.string().optional(),
  /** Milliseconds from the chain's beginning to `time`; absent where it begins here. Shorter than the instant itself. */
  sinceStart: z.int().min(0).optional(),
  actor: Actor,
  change: z.record(z.string(), z.unknown()).optional(),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;

/** The two attributes that make a write news. A write without events must remove both. */
export interface Outbox {
  /** A top-level string, so that the stream mapping can filter on it. */
  readonly outboxId: EventId;
  readonly outbox: readonly OutboxEntry[];
}
/** The entries as one text, which `OutboxEntries` reads as well. */
export interface CompactOutbox {
  readonly outboxId: EventId;
  readonly outbox: string;
}

/**
 * For items that are written very often, such as counters: a text is a third of the work of nested maps, in the write
 * and in both images of the stream.
 */
export const compactOutbox = ({ outboxId, outbox }: Outbox): CompactOutbox => ({
  outboxId,
  outbox: JSON.stringify(outbox),
});

const EntryList = z.array(OutboxEntry).min(1);

/** An item's `outbox`, in either form. */
export const OutboxEntries = z.union([
  EntryList,
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('must be JSON');
        return z.NEVER;
      }
    })
    .pipe(EntryList),
]);

export const outboxAttributes = ['outboxId', 'outbox'] as const;

const normalized = (event: OutboxEvent) =>
  'contract' in event ? event : { contract: event, change: undefined };
const eventList = (events: OutboxEvent | readonly OutboxEvent[]): readonly OutboxEvent[] =>
  'length' in events ? events : [events];

/**
 * The outbox of one write. Event ids are minted here, when the state is written, so that a publication that is
 * repeated stays recognisable as the same event. `undefined` if there are no events.
 */
export const outboxOf = (
  events: OutboxEvent | readonly OutboxEvent[],
  cause: Cause,
  clock: Clock,
): Outbox | undefined => {
  const time = clock.now();
  const { startedAt, ...origin } = cause;
  const sinceStart =
    startedAt === undefined ? undefined : Math.max(0, Date.parse(time) - Date.parse(startedAt));
  const outbox = eventList(events).map((event): OutboxEntry => {
    const { contract, change } = normalized(event);
    return {
      id: newId(EventId, Date.parse(time)),
      type: contract.detailType,
      time,
      ...origin,
      sinceStart,
      change,
    };
  });
  const [first] = outbox;
  return first === undefined ? undefined : { outboxId: first.id, outbox };
};

/**
 * Checks, before anything is written, that the relay will be able to publish: the data fits the contract and the bus.
 * @throws ZodError if the contract does not hold (a fault of ours); TooLarge beyond the bus's limit
 */
export const assertPublishable = (events: OutboxEvent | readonly OutboxEvent[], state: object): void => {
  for (const event of eventList(events)) {
    const { contract, change } = normalized(event);
    const data = contract.data.parse({ ...state, ...change });
    const bytes = METADATA_BYTES + entryBytes({ ...contract, detail: JSON.stringify(data) });
    if (bytes > MAX_ENTRY_BYTES)
      throw new TooLarge(
        `The event ${contract.detailType} takes ${bytes} bytes; the bus takes ${MAX_ENTRY_BYTES}.`,
      );
  }
};

/** More than an event's metadata ever takes. */
const METADATA_BYTES = 2_048;
