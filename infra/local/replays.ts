import * as z from 'zod';
import type { Archive, ArchivedEvent } from './archive.ts';
import type { Buses } from './bus.ts';
import type { LocalClock } from './clock.ts';
import type { RunnerState } from './state.ts';

const State = z.enum(['RUNNING', 'CANCELLED', 'COMPLETED']);

const Row = z.object({
  name: z.string(),
  archive: z.string(),
  description: z.string().nullable(),
  /** Names of rules, as JSON; null for all of the bus. */
  rules: z.string().nullable(),
  state: State,
  from_time: z.number(),
  to_time: z.number(),
  started_at: z.number(),
  ended_at: z.number().nullable(),
  position: z.number().nullable(),
});

/** Times are milliseconds since the epoch. */
export interface Replay {
  readonly name: string;
  readonly archive: string;
  readonly description?: string;
  /** Rules that get the events; all of the bus when absent. */
  readonly rules?: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly state: z.infer<typeof State>;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Time of the event that was replayed last. */
  readonly position?: number;
}

export type NewReplay = Pick<Replay, 'name' | 'archive' | 'description' | 'rules' | 'from' | 'to'>;

const replayOf = (row: unknown): Replay => {
  const parsed = Row.parse(row);
  const { description, rules, ended_at: endedAt, position } = parsed;
  return {
    name: parsed.name,
    archive: parsed.archive,
    from: parsed.from_time,
    to: parsed.to_time,
    state: parsed.state,
    startedAt: parsed.started_at,
    ...(description === null ? {} : { description }),
    ...(rules === null ? {} : { rules: z.array(z.string()).parse(JSON.parse(rules)) }),
    ...(endedAt === null ? {} : { endedAt }),
    ...(position === null ? {} : { position }),
  };
};

/** Events that go into the queues in one piece; then other work has its turn. */
const EVENTS_AT_ONCE = 200;

/**
 * Replays of archived events, in the background and by time. How far one has come is written together with what it put into queues, so
 * that a restart takes it up exactly there.
 */
export class Replays {
  readonly #state: RunnerState;
  readonly #archives: readonly Archive[];
  readonly #buses: Buses;
  readonly #clock: LocalClock;
  readonly #timers = new Map<string, NodeJS.Immediate>();

  /** Goes on at once with what a former run did not finish. */
  constructor(parts: { state: RunnerState; archives: readonly Archive[]; buses: Buses; clock: LocalClock }) {
    this.#state = parts.state;
    this.#archives = parts.archives;
    this.#buses = parts.buses;
    this.#clock = parts.clock;
    for (const replay of this.all()) if (replay.state === 'RUNNING') this.#run(replay);
  }

  get running(): number {
    return this.#timers.size;
  }

  all(): readonly Replay[] {
    return this.#state.db.prepare('SELECT * FROM replay ORDER BY started_at DESC, name').all().map(replayOf);
  }

  find(name: string): Replay | undefined {
    const row = this.#state.db.prepare('SELECT * FROM replay WHERE name = ?').get(name);
    return row === undefined ? undefined : replayOf(row);
  }

  start({ name, archive, description, rules, from, to }: NewReplay): Replay {
    const startedAt = this.#clock.now();
    this.#state.db
      .prepare(
        `INSERT INTO replay (name, archive, description, rules, state, from_time, to_time, started_at)
         VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?)`,
      )
      .run(
        name,
        archive,
        description ?? null,
        rules === undefined ? null : JSON.stringify(rules),
        from,
        to,
        startedAt,
      );
    const replay: Replay = {
      name,
      archive,
      from,
      to,
      startedAt,
      state: 'RUNNING',
      ...(description === undefined ? {} : { description }),
      ...(rules === undefined ? {} : { rules }),
    };
    this.#run(replay);
    return replay;
  }

  /** Ends a running replay where it is. */
  cancel(name: string): void {
    this.#end(name, 'CANCELLED');
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearImmediate(timer);
    this.#timers.clear();
  }

  #run(replay: Replay): void {
    const archive = this.#archives.find(({ spec }) => spec.name === replay.archive);
    // Everything of a moment goes at once, so that the next one is where to go on.
    const from = replay.position === undefined ? replay.from : replay.position + 1;
    const moments = archive?.moments(from, replay.to);
    const step = (): void => {
      const portion: ArchivedEvent[] = [];
      while (portion.length < EVENTS_AT_ONCE) {
        const next = moments?.next();
        if (next === undefined || next.done === true) {
          this.#hand(replay, archive, portion);
          this.#end(replay.name, 'COMPLETED');
          return;
        }
        portion.push(...next.value);
      }
      this.#hand(replay, archive, portion);
      this.#timers.set(replay.name, setImmediate(step));
    };
    this.#timers.set(replay.name, setImmediate(step));
  }

  #hand({ name, rules }: Replay, archive: Archive | undefined, events: readonly ArchivedEvent[]): void {
    const last = events.at(-1);
    if (archive === undefined || last === undefined) return;
    const marked = events.map(({ event }) => ({ ...event, 'replay-name': name }));
    this.#buses.replay(archive.spec.bus, marked, rules, () => {
      this.#state.db.prepare('UPDATE replay SET position = ? WHERE name = ?').run(last.time, name);
    });
  }

  #end(name: string, state: Replay['state']): void {
    const timer = this.#timers.get(name);
    if (timer !== undefined) clearImmediate(timer);
    this.#timers.delete(name);
    this.#state.db
      .prepare("UPDATE replay SET state = ?, ended_at = ? WHERE name = ? AND state = 'RUNNING'")
      .run(state, this.#clock.now(), name);
  }
}
