import { randomUUID } from 'node:crypto';
import type { Archive, ArchivedEvent } from './archive.ts';
import type { LocalClock } from './clock.ts';
import { compilePattern, type Matches } from './event-pattern.ts';
import type { NewMessage, Queues } from './queues.ts';
import type { RuleSpec } from './stack-messaging.ts';

/** One entry of PutEvents, already read from the request. */
export interface BusEntry {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  /** JSON object as text. */
  readonly detail: string;
  readonly resources: readonly string[];
  /** RFC 3339; the bus's own time when absent. */
  readonly time?: string;
}

export type BusAnswer =
  { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** An event in the envelope that rules and queues see. */
interface BusEvent {
  readonly 'detail-type': string;
  readonly source: string;
  readonly id: string;
  readonly detail: object;
}

interface Route {
  readonly rule: string;
  readonly bus: string;
  readonly matches: Matches;
  readonly targets: readonly string[];
}

const refuse = (ErrorCode: string, ErrorMessage: string): BusAnswer => ({ ErrorCode, ErrorMessage });

const ENTRY_BYTES = 1_048_576;

/** EventBridge's way of counting an entry: source, detail type, detail and resources in UTF-8, and 14 bytes for a given time. */
const sizeOf = (entry: BusEntry): number =>
  [entry.source, entry.detailType, entry.detail, ...entry.resources].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  ) + (entry.time === undefined ? 0 : 14);

const isJsonObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** The stack's event buses: an accepted event lies in the queues of all matching rules before it is acknowledged. */
export class Buses {
  readonly #names: ReadonlySet<string>;
  readonly #routes: readonly Route[];
  readonly #archives: readonly Archive[];
  readonly #queues: Queues;
  readonly #clock: LocalClock;
  readonly #region: string;
  readonly #account: string;
  readonly #latest = new Map<string, BusEvent>();

  /** Throws InvalidPattern when a rule's pattern is one that EventBridge would refuse. */
  constructor(
    {
      buses,
      rules,
      region,
      account,
    }: { buses: readonly string[]; rules: readonly RuleSpec[]; region: string; account: string },
    queues: Queues,
    clock: LocalClock,
    archives: readonly Archive[] = [],
  ) {
    this.#archives = archives;
    this.#names = new Set([...buses, 'default']);
    this.#routes = rules.map(({ name, bus, pattern, targetQueues }) => ({
      rule: name,
      bus,
      matches: compilePattern(pattern),
      targets: targetQueues,
    }));
    this.#queues = queues;
    this.#clock = clock;
    this.#region = region;
    this.#account = account;
  }

  /** Accepts or refuses each entry on its own; what is accepted is durable when this returns. */
  put(entries: readonly BusEntry[]): readonly BusAnswer[] {
    const deliveries: NewMessage[] = [];
    const archived = new Map<Archive, ArchivedEvent[]>();
    const answers = entries.map((entry): BusAnswer => {
      const detail = parsed(entry.detail);
      if (!isJsonObject(detail)) return refuse('MalformedDetail', 'Detail is malformed.');
      const refusal = this.#refusal(entry);
      if (refusal !== undefined) return refusal;
      const id = randomUUID();
      const time = entry.time === undefined ? this.#clock.now() : Date.parse(entry.time);
      const event = {
        version: '0',
        id,
        'detail-type': entry.detailType,
        source: entry.source,
        account: this.#account,
        time: (entry.time ?? new Date(time).toISOString()).replace(/\.\d+Z$/, 'Z'),
        region: this.#region,
        resources: entry.resources,
        detail,
      };
      this.#latest.set(entry.detailType, event);
      deliveries.push(...this.#deliveries(entry.bus, event));
      for (const archive of this.#archives) {
        if (archive.takes(entry.bus, event))
          archived.set(archive, [...(archived.get(archive) ?? []), { time, event }]);
      }
      return { EventId: id };
    });
    this.#queues.send(
      deliveries,
      archived.size === 0
        ? undefined
        : () => {
            for (const [archive, events] of archived) archive.keep(events);
          },
    );
    return answers;
  }

  /** Delivers archived events again, to some rules or to all, and writes what `besides` writes with them. */
  replay(
    bus: string,
    events: readonly object[],
    rules: readonly string[] | undefined,
    besides: () => void,
  ): void {
    this.#queues.send(
      events.flatMap((event) => this.#deliveries(bus, event, rules)),
      besides,
    );
  }

  /** The newest event of each detail type since the start. */
  latest(): readonly BusEvent[] {
    return [...this.#latest.values()];
  }

  /** One message for each queue that a rule leads the event to. */
  #deliveries(bus: string, event: object, rules?: readonly string[]): readonly NewMessage[] {
    const queues = new Set(
      this.#routes
        .filter((route) => route.bus === bus && rules?.includes(route.rule) !== false && route.matches(event))
        .flatMap(({ targets }) => targets),
    );
    if (queues.size === 0) return [];
    const body = JSON.stringify(event);
    return [...queues].map((queue) => ({ queue, body }));
  }

  #refusal(entry: BusEntry): BusAnswer | undefined {
    if (entry.source === '')
      return refuse(
        'InvalidArgument',
        'Parameter Source is not valid. Reason: Source is a required argument.',
      );
    if (entry.detailType === '') {
      return refuse(
        'InvalidArgument',
        'Parameter DetailType is not valid. Reason: DetailType is a required argument.',
      );
    }
    if (!this.#names.has(entry.bus))
      return refuse('ResourceNotFoundException', `Event bus ${entry.bus} does not exist.`);
    if (sizeOf(entry) > ENTRY_BYTES)
      return refuse('InvalidArgument', 'Total size of the entry exceeds 1 MB.');
    return undefined;
  }
}
