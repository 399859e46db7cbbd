import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import type { RunnerState } from './state.ts';
import type { QueueSpec } from './stack-messaging.ts';

export interface Message {
  readonly id: number;
  readonly messageId: string;
  readonly body: string;
  /** Milliseconds since the epoch, by the local clock. */
  readonly sentAt: number;
  readonly receiveCount: number;
}

export interface NewMessage {
  readonly queue: string;
  readonly body: string;
  readonly delayMs?: number;
}

export interface DeadLetter extends Message {
  readonly queue: string;
}

/** How many messages lie in a queue, as SQS tells them apart. */
export interface QueueCounts {
  /** Ready to be received. */
  readonly visible: number;
  /** Received by somebody, or waiting for the next try. */
  readonly inFlight: number;
  /** Sent with a delay, and not received yet. */
  readonly delayed: number;
  /** When the oldest was sent, in milliseconds since the epoch by the local clock; undefined of an empty queue. */
  readonly oldestSentAt: number | undefined;
}

/** `visible_at` of a message that a function is working on; a restart makes such messages visible at once. */
const IN_FLIGHT = Number.MAX_SAFE_INTEGER;
/** Half a second, two, eight, thirty-two: patient enough for a reference on its way, quick enough for a test. */
const FIRST_RETRY_MS = 500;
const RETRY_FACTOR = 4;

export const messageOf = (row: Record<string, unknown>): Message => ({
  id: Number(row.id),
  messageId: String(row.message_id),
  body: String(row.body),
  sentAt: Number(row.sent_at),
  receiveCount: Number(row.receive_count),
});

/**
 * The stack's queues: durable, with visibility, receive counts and redrive to dead-letter queues. What differs from SQS: a failed
 * message comes back after a growing pause instead of the whole visibility timeout, which is its upper limit.
 */
export class Queues {
  readonly #state: RunnerState;
  readonly #clock: { now(): number };
  readonly #specs: ReadonlyMap<string, QueueSpec>;
  readonly #watchers = new Map<string, () => void>();
  readonly #insert: StatementSync;
  readonly #visible: StatementSync;
  readonly #count: StatementSync;
  readonly #take: StatementSync;
  readonly #remove: StatementSync;
  readonly #return: StatementSync;
  readonly #giveBack: StatementSync;
  readonly #bury: StatementSync;
  readonly #next: StatementSync;
  readonly #counts: StatementSync;

  /** `clock` says when messages were sent; their pauses go by the machine's time, so that a moved clock ends none. */
  constructor(state: RunnerState, specs: readonly QueueSpec[], clock: { now(): number } = Date) {
    this.#state = state;
    this.#clock = clock;
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    const { db } = state;
    this.#insert = db.prepare(
      'INSERT INTO message (queue, message_id, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)',
    );
    // Asked at every arrival of a message: it reads the index alone, not what the messages say.
    this.#count = db.prepare(
      'SELECT COUNT(*) AS n FROM (SELECT 1 FROM message WHERE queue = ? AND visible_at <= ? LIMIT ?)',
    );
    this.#visible = db.prepare(
      'SELECT * FROM message WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?',
    );
    this.#take = db.prepare(
      'UPDATE message SET visible_at = ?, receive_count = receive_count + 1 WHERE id = ?',
    );
    this.#remove = db.prepare('DELETE FROM message WHERE id = ?');
    this.#return = db.prepare('UPDATE message SET visible_at = ? WHERE id = ?');
    this.#giveBack = db.prepare(
      'UPDATE message SET visible_at = ?, receive_count = receive_count - 1 WHERE id = ?',
    );
    this.#bury = db.prepare('UPDATE message SET queue = ?, visible_at = 0 WHERE id = ?');
    this.#next = db.prepare('SELECT MIN(visible_at) AS at FROM message WHERE queue = ?');
    this.#counts = db.prepare(`
      SELECT COALESCE(SUM(visible_at <= ?1), 0) AS visible, COALESCE(SUM(visible_at > ?1 AND receive_count = 0), 0) AS delayed,
        COUNT(*) AS total, MIN(sent_at) AS oldest FROM message WHERE queue = ?2`);
    // A function that died with the runner is no failure of its message, so that receipt is not counted.
    db.prepare(
      'UPDATE message SET visible_at = 0, receive_count = MAX(0, receive_count - 1) WHERE visible_at = ?',
    ).run(IN_FLIGHT);
    db.exec('UPDATE message SET visible_at = 0');
  }

  spec(queue: string): QueueSpec | undefined {
    return this.#specs.get(queue);
  }

  names(): readonly string[] {
    return [...this.#specs.keys()];
  }

  counts(queue: string): QueueCounts {
    const row = this.#counts.get(Date.now(), queue) ?? {};
    const [visible, delayed] = [Number(row.visible), Number(row.delayed)];
    return {
      visible,
      delayed,
      inFlight: Number(row.total) - visible - delayed,
      oldestSentAt: typeof row.oldest === 'number' ? row.oldest : undefined,
    };
  }

  /** Tells the consumer of `queue` that something other than a sent message has changed there. */
  wake(queue: string): void {
    this.#watchers.get(queue)?.();
  }

  /** Calls `wake` whenever messages have arrived in `queue`. */
  watch(queue: string, wake: () => void): void {
    this.#watchers.set(queue, wake);
  }

  /**
   * Puts all messages in their queues, or none; durable when it returns, and so is what `besides` writes. Answers their message ids.
   */
  send(messages: readonly NewMessage[], besides?: () => void): readonly string[] {
    if (messages.length === 0 && besides === undefined) return [];
    const [now, sentAt] = [Date.now(), this.#clock.now()];
    const ids = messages.map(() => randomUUID());
    this.#state.transaction(() => {
      for (const [at, { queue, body, delayMs = 0 }] of messages.entries())
        this.#insert.run(queue, ids[at] ?? '', body, sentAt, now + delayMs);
      besides?.();
    });
    for (const queue of new Set(messages.map((message) => message.queue))) this.wake(queue);
    return ids;
  }

  /** How many messages are ready, counted no further than `most`. */
  ready(queue: string, most: number): number {
    return Number(this.#count.get(queue, Date.now(), most)?.n ?? 0);
  }

  /** Takes up to `most` messages, of `mostBytes` in all; nobody else gets them until they are settled. */
  receive(queue: string, most: number, mostBytes: number): readonly Message[] {
    const taken: Message[] = [];
    let bytes = 0;
    for (const row of this.#visible.all(queue, Date.now(), most)) {
      const message = messageOf(row);
      bytes += Buffer.byteLength(message.body);
      if (taken.length > 0 && bytes > mostBytes) break;
      taken.push({ ...message, receiveCount: message.receiveCount + 1 });
    }
    this.#state.transaction(() => {
      for (const { id } of taken) this.#take.run(IN_FLIGHT, id);
    });
    return taken;
  }

  /** Removes what succeeded; returns what failed, to its queue or, after the last allowed receipt, to the dead-letter queue. */
  settle(queue: string, messages: readonly Message[], failed: (message: Message) => boolean): void {
    const spec = this.#specs.get(queue);
    this.#state.transaction(() => {
      for (const message of messages) {
        if (!failed(message)) this.#remove.run(message.id);
        else if (spec?.deadLetterQueue !== undefined && message.receiveCount >= spec.maxReceiveCount) {
          this.#bury.run(spec.deadLetterQueue, message.id);
        } else this.#return.run(Date.now() + this.#pause(spec, message), message.id);
      }
    });
  }

  /** Puts back what nobody looked at: its receipt does not count. */
  giveBack(messages: readonly Message[]): void {
    const now = Date.now();
    this.#state.transaction(() => {
      for (const { id } of messages) this.#giveBack.run(now, id);
    });
  }

  /** When the next message of `queue` that nobody works on becomes visible; undefined when there is none. */
  nextVisibleAt(queue: string): number | undefined {
    const at = this.#next.get(queue)?.at;
    return typeof at === 'number' && at < IN_FLIGHT ? at : undefined;
  }

  /** Messages, ready or not, in queues that somebody consumes. */
  pending(queues: readonly string[]): number {
    if (queues.length === 0) return 0;
    const places = queues.map(() => '?').join(', ');
    const row = this.#state.db
      .prepare(`SELECT COUNT(*) AS n FROM message WHERE queue IN (${places})`)
      .get(...queues);
    return Number(row?.n ?? 0);
  }

  /** What lies in dead-letter queues, oldest first. */
  deadLetters(): readonly DeadLetter[] {
    const names = [...this.#specs.values()].flatMap(({ deadLetterQueue }) => deadLetterQueue ?? []);
    if (names.length === 0) return [];
    const places = names.map(() => '?').join(', ');
    const rows = this.#state.db
      .prepare(`SELECT * FROM message WHERE queue IN (${places}) ORDER BY id`)
      .all(...names);
    return rows.map((row) => ({ ...messageOf(row), queue: String(row.queue) }));
  }

  #pause(spec: QueueSpec | undefined, { receiveCount }: Message): number {
    const limit = (spec?.visibilityTimeoutSeconds ?? 30) * 1000;
    return Math.min(limit, FIRST_RETRY_MS * RETRY_FACTOR ** (receiveCount - 1));
  }
}
