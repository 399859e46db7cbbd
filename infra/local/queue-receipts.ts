import type { StatementSync } from 'node:sqlite';
import * as z from 'zod';
import { messageOf, type Message, type Queues } from './queues.ts';
import type { RunnerState } from './state.ts';

/** A receipt handle that this run never gave out. */
export class UnknownReceipt extends Error {
  override readonly name = 'UnknownReceipt';
}

export interface ReceivedMessage extends Message {
  /** Names this receipt of the message: a later one of the same message has another handle. */
  readonly receipt: string;
}

const Receipt = z.tuple([z.string(), z.int(), z.int()]);

const handleOf = (queue: string, { id, receiveCount }: Message): string =>
  Buffer.from(JSON.stringify([queue, id, receiveCount])).toString('base64url');

/**
 * What somebody outside takes from a queue: the message is hidden for the visibility timeout and comes back by itself, unless it is deleted by
 * the handle of its receipt.
 */
export class QueueReceipts {
  readonly #state: RunnerState;
  readonly #queues: Queues;
  readonly #visible: StatementSync;
  readonly #take: StatementSync;
  readonly #bury: StatementSync;
  readonly #remove: StatementSync;
  readonly #hide: StatementSync;

  constructor(state: RunnerState, queues: Queues) {
    this.#state = state;
    this.#queues = queues;
    const { db } = state;
    this.#visible = db.prepare(
      'SELECT * FROM message WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?',
    );
    this.#take = db.prepare(
      'UPDATE message SET visible_at = ?, receive_count = receive_count + 1 WHERE id = ?',
    );
    this.#bury = db.prepare('UPDATE message SET queue = ?, visible_at = 0 WHERE id = ?');
    // By the count of receipts: whoever received the message meanwhile has it, not the holder of an older handle.
    this.#remove = db.prepare('DELETE FROM message WHERE id = ? AND queue = ? AND receive_count = ?');
    this.#hide = db.prepare(
      'UPDATE message SET visible_at = ?1 WHERE id = ?2 AND queue = ?3 AND receive_count = ?4 AND visible_at > ?5',
    );
  }

  /** Up to `most` messages, hidden for `hiddenMs`. Those that were received as often as they may are buried instead. */
  receive(queue: string, most: number, hiddenMs: number): readonly ReceivedMessage[] {
    const now = Date.now();
    const spec = this.#queues.spec(queue);
    const received = this.#state.transaction(() =>
      this.#visible.all(queue, now, most).flatMap((row) => {
        const message = messageOf(row);
        if (spec?.deadLetterQueue !== undefined && message.receiveCount >= spec.maxReceiveCount) {
          this.#bury.run(spec.deadLetterQueue, message.id);
          return [];
        }
        this.#take.run(now + hiddenMs, message.id);
        const taken = { ...message, receiveCount: message.receiveCount + 1 };
        return [{ ...taken, receipt: handleOf(queue, taken) }];
      }),
    );
    this.#queues.wake(queue);
    return received;
  }

  /** Deletes the message, unless it was received again since. Throws UnknownReceipt. */
  remove(queue: string, receipt: string): void {
    this.#remove.run(...this.#parsed(queue, receipt));
  }

  /**
   * Hides the message for `hiddenMs` from now, 0 to bring it back at once; answers whether it was hidden by this receipt still.
   * Throws UnknownReceipt.
   */
  hide(queue: string, receipt: string, hiddenMs: number): boolean {
    const now = Date.now();
    const { changes } = this.#hide.run(now + hiddenMs, ...this.#parsed(queue, receipt), now);
    this.#queues.wake(queue);
    return changes > 0;
  }

  #parsed(queue: string, receipt: string): [number, string, number] {
    let text: unknown;
    try {
      text = JSON.parse(Buffer.from(receipt, 'base64url').toString('utf8'));
    } catch {
      text = undefined;
    }
    const parsed = Receipt.safeParse(text);
    if (!parsed.success || parsed.data[0] !== queue)
      throw new UnknownReceipt(`the receipt handle is none of the queue ${queue}`);
    const [, id, receiveCount] = parsed.data;
    return [id, queue, receiveCount];
  }
}
