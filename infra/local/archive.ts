import type { StatementSync } from 'node:sqlite';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { LocalClock } from './clock.ts';
import { compilePattern, type Matches } from './event-pattern.ts';
import type { ArchiveSpec } from './stack-messaging.ts';
import type { RunnerState } from './state.ts';

/** An event as it was on the bus. */
export interface ArchivedEvent {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** The envelope, as rules see it. */
  readonly event: Readonly<Record<string, unknown>>;
}

const Portion = z.array(z.object({ time: z.number(), event: z.record(z.string(), z.unknown()) }));

/** Fast rather than small: an import puts thousands of events a minute, and each portion shares most of its text anyway. */
const COMPRESSION = { level: 1 };
const ROWS_AT_ONCE = 50;
const EXPIRE_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

/** The events of one bus that match a pattern, kept for replays: one compressed row for each PutEvents. */
export class Archive {
  readonly spec: ArchiveSpec;
  readonly #matches: Matches;
  readonly #clock: LocalClock;
  readonly #insert: StatementSync;
  readonly #rows: StatementSync;
  readonly #totals: StatementSync;
  readonly #expire: StatementSync;
  #expireAt = 0;

  /** Throws InvalidPattern. */
  constructor(spec: ArchiveSpec, state: RunnerState, clock: LocalClock) {
    this.spec = spec;
    this.#matches = spec.pattern === undefined ? () => true : compilePattern(spec.pattern);
    this.#clock = clock;
    const { db } = state;
    this.#insert = db.prepare(
      'INSERT INTO archived (archive, first, last, events, bytes, body) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#rows = db.prepare(`
      SELECT id, first, body FROM archived WHERE archive = ?1 AND (first, id) > (?2, ?3) AND first <= ?4 AND last >= ?5
      ORDER BY first, id LIMIT ${String(ROWS_AT_ONCE)}`);
    this.#totals = db.prepare(
      'SELECT COALESCE(SUM(events), 0) AS events, COALESCE(SUM(bytes), 0) AS bytes FROM archived WHERE archive = ?',
    );
    this.#expire = db.prepare('DELETE FROM archived WHERE archive = ? AND first < ?2 AND last < ?2');
  }

  takes(bus: string, event: unknown): boolean {
    return bus === this.spec.bus && this.#matches(event);
  }

  /** Keeps events that it takes; to be called inside the transaction that puts them into queues. */
  keep(events: readonly ArchivedEvent[]): void {
    if (events.length === 0) return;
    const times = events.map(({ time }) => time);
    const text = JSON.stringify(events);
    const body = deflateRawSync(text, COMPRESSION);
    const { name } = this.spec;
    this.#insert.run(name, Math.min(...times), Math.max(...times), events.length, text.length, body);
    this.#expireOld();
  }

  totals(): { readonly events: number; readonly bytes: number } {
    const row = this.#totals.get(this.spec.name);
    return { events: Number(row?.events), bytes: Number(row?.bytes) };
  }

  /**
   * Kept events from `from` to `to`, both included (milliseconds since the epoch), by time; those of one moment together, in the order in
   * which they were put.
   */
  *moments(from: number, to: number): Generator<readonly ArchivedEvent[], void, undefined> {
    let open: readonly ArchivedEvent[] = [];
    for (const { first, events } of this.#portions(from, to)) {
      // A later row holds nothing from before its first event.
      const [done, rest] = parted(open, ({ time }) => time < first);
      yield* byMoment(done);
      open = [...rest, ...events.filter(({ time }) => time >= from && time <= to)];
    }
    yield* byMoment(open);
  }

  *#portions(
    from: number,
    to: number,
  ): Generator<{ readonly first: number; readonly events: readonly ArchivedEvent[] }, void, undefined> {
    let [first, id] = [-1, 0];
    for (;;) {
      const rows = this.#rows.all(this.spec.name, first, id, to, from);
      if (rows.length === 0) return;
      for (const row of rows) {
        [first, id] = [Number(row.first), Number(row.id)];
        const body = row.body instanceof Uint8Array ? row.body : Buffer.alloc(0);
        yield { first, events: Portion.parse(JSON.parse(inflateRawSync(body).toString('utf8'))) };
      }
    }
  }

  #expireOld(): void {
    const { name, retentionDays } = this.spec;
    const now = this.#clock.now();
    if (retentionDays === 0 || now < this.#expireAt) return;
    this.#expireAt = now + EXPIRE_EVERY_MS;
    this.#expire.run(name, now - retentionDays * DAY_MS);
  }
}

const parted = <Entry>(
  entries: readonly Entry[],
  isFirst: (entry: Entry) => boolean,
): [readonly Entry[], readonly Entry[]] => [
  entries.filter(isFirst),
  entries.filter((entry) => !isFirst(entry)),
];

const byMoment = (events: readonly ArchivedEvent[]): readonly (readonly ArchivedEvent[])[] =>
  [...Map.groupBy(events, ({ time }) => time)].sort(([a], [b]) => a - b).map(([, moment]) => moment);
