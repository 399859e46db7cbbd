import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventMetadata } from './contract.ts';
import { entryBytes, MAX_ENTRY_BYTES } from './entry-size.ts';

/** An event on its way to the bus. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: { readonly metadata: EventMetadata; readonly data: unknown };
}

/** The code of entries that were held back because earlier ones failed. */
export const NOT_ATTEMPTED = 'NotAttempted';

export interface FailedEntry {
  /** Among the events given to `publish`. */
  readonly index: number;
  readonly code: string;
  /** It would fail again, however often it is repeated. */
  readonly permanent: boolean;
}

/** Some events did not get onto the bus; those before and between the failed ones did. */
export class PublishFailed extends Error {
  override readonly name = 'PublishFailed';
  /** Ascending by index. */
  readonly failed: readonly FailedEntry[];

  constructor(failed: readonly FailedEntry[], options?: ErrorOptions) {
    const codes = [...new Set(failed.map(({ code }) => code))].join(', ');
    super(`${failed.length} events were not published: ${codes}`, options);
    this.failed = failed;
  }
}

export interface Publisher {
  /** Publishes in order. @throws PublishFailed */
  publish(events: readonly BusEvent[]): Promise<void>;
}

/** EventBridge's limit per call. */
const MAX_ENTRIES = 10;

/** Answers per entry that no repetition changes; lack of permission is not among them, someone may grant it. */
const permanentCodes = new Set([
  'InvalidArgument',
  'MalformedDetail',
  'RedactionFailure',
  'ValidationException',
]);

interface Entry {
  readonly index: number;
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly bytes: number;
}

const entryOf = ({ source, detailType, detail }: BusEvent, index: number): Entry => {
  const entry = { source, detailType, detail: JSON.stringify(detail) };
  return { index, ...entry, bytes: entryBytes(entry) };
};

/** The size that the bus will count for this event. */
export const busEventBytes = (event: BusEvent): number => entryOf(event, 0).bytes;

/** Calls' worth of entries, in order: at most 10, and at most 1 MB together. An entry over that is alone. */
const callsOf = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const calls: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const call = calls.at(-1);
    if (call === undefined || call.length === MAX_ENTRIES || bytes + entry.bytes > MAX_ENTRY_BYTES) {
      calls.push([entry]);
      bytes = entry.bytes;
    } else {
      call.push(entry);
      bytes += entry.bytes;
    }
  }
  return calls;
};

/** The one place that knows what kind of bus it is. The client retries calls that fail as a whole by itself. */
export const publisher = (busName: string, client: Pick<EventBridgeClient, 'send'>): Publisher => ({
  async publish(events) {
    const entries = events.map(entryOf);
    for (const call of callsOf(entries)) {
      const { failed, cause } = await put(client, busName, call);
      // Nothing later goes out either: order per item would be lost.
      if (failed.length > 0) throw new PublishFailed([...failed, ...entriesAfter(entries, call)], { cause });
    }
  },
});

/** What of one call did not get through; `cause` where the call failed as a whole. */
const put = async (
  client: Pick<EventBridgeClient, 'send'>,
  busName: string,
  call: readonly Entry[],
): Promise<{ readonly failed: readonly FailedEntry[]; readonly cause?: unknown }> => {
  const Entries = call.map(({ source, detailType, detail }) => ({
    EventBusName: busName,
    Source: source,
    DetailType: detailType,
    Detail: detail,
  }));
  try {
    const answer = await client.send(new PutEventsCommand({ Entries }));
    const failed = call.flatMap(({ index }, position) => {
      const code = answer.Entries?.[position]?.ErrorCode;
      return code === undefined ? [] : [{ index, code, permanent: permanentCodes.has(code) }];
    });
    return { failed };
  } catch (cause) {
    const code = cause instanceof Error ? cause.name : 'Unknown';
    return { failed: call.map(({ index }) => ({ index, code, permanent: false })), cause };
  }
};

const entriesAfter = (entries: readonly Entry[], call: readonly Entry[]): readonly FailedEntry[] =>
  entries
    .slice((call.at(-1)?.index ?? 0) + 1)
    .map(({ index }) => ({ index, code: NOT_ATTEMPTED, permanent: false }));
