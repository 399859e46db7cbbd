import { createHash } from 'node:crypto';
import { THROTTLED, type FunctionPool } from './function-pool.ts';
import type { Message, Queues } from './queues.ts';
import { failedItems } from './batch-response.ts';
import type { QueueMappingSpec } from './stack-functions.ts';

/** Lambda's payload limit is 6 MB; the record around each body needs some of it. */
const BATCH_BYTES = 5_000_000;

const THROTTLED_PAUSE_MS = 1_000;

const recordOf = (message: Message, arn: string, region: string) => ({
  messageId: message.messageId,
  receiptHandle: `${String(message.id)}#${String(message.receiveCount)}`,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: 'local',
    ApproximateFirstReceiveTimestamp: String(message.sentAt),
  },
  messageAttributes: {},
  md5OfBody: createHash('md5').update(message.body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  awsRegion: region,
});

/** Feeds a queue to a function: batch size, batching window, concurrency and partial failures as the mapping declares them. */
export class QueueMapping {
  readonly spec: QueueMappingSpec;
  readonly #isPaused: () => boolean;
  readonly #queues: Queues;
  readonly #functions: Pick<FunctionPool, 'invoke' | 'isStopping'>;
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** When the batch that is being gathered has to go, whatever its size. */
  #windowEnds: number | undefined;
  /** A throttled function is left alone for a while. */
  #restsUntil = 0;
  #stopped = false;

  /** While `isPaused` says so, messages stay where they are; `wake` is to be called when it does no longer. */
  constructor(
    spec: QueueMappingSpec,
    queues: Queues,
    functions: Pick<FunctionPool, 'invoke' | 'isStopping'>,
    isPaused: () => boolean,
  ) {
    this.spec = spec;
    this.#isPaused = isPaused;
    this.#queues = queues;
    this.#functions = functions;
  }

  start(): void {
    this.#queues.watch(this.spec.queue, () => this.#pump());
    this.#pump();
  }

  /** Whether the function is working on messages. */
  get isUnderWay(): boolean {
    return this.#running.size > 0;
  }

  get isPaused(): boolean {
    return this.#isPaused();
  }

  wake(): void {
    this.#pump();
  }

  /** Hands over what is being gathered, now: a window says how long a batch waits at most. */
  endWindow(): void {
    if (this.#windowEnds === undefined) return;
    this.#windowEnds = 0;
    this.#pump();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#running);
  }

  #pump(): void {
    const { queue, batchSize, maxConcurrency } = this.spec;
    while (!this.#stopped && !this.#isPaused() && this.#running.size < maxConcurrency && this.#isBatchDue()) {
      const messages = this.#queues.receive(queue, batchSize, BATCH_BYTES);
      this.#windowEnds = undefined;
      if (messages.length === 0) break;
      const run = this.#invoke(messages);
      this.#running.add(run);
      void run.finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
    }
    this.#wakeWhenDue();
  }

  #isBatchDue(): boolean {
    const { queue, batchSize, batchWindowSeconds } = this.spec;
    if (Date.now() < this.#restsUntil) return false;
    if (batchWindowSeconds === 0) return true;
    const ready = this.#queues.ready(queue, batchSize);
    if (ready === 0) return false;
    if (ready >= batchSize) return true;
    this.#windowEnds ??= Date.now() + batchWindowSeconds * 1000;
    return Date.now() >= this.#windowEnds;
  }

  #wakeWhenDue(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#isPaused() || this.#running.size >= this.spec.maxConcurrency) return;
    const due = this.#windowEnds ?? this.#queues.nextVisibleAt(this.spec.queue);
    if (due === undefined) return;
    const at = Math.max(due, this.#restsUntil);
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, at - Date.now()));
  }

  async #invoke(messages: readonly Message[]): Promise<void> {
    const { queue, sourceArn, functionName, reportsFailures, region } = this.spec;
    const Records = messages.map((message) => recordOf(message, sourceArn, region));
    const outcome = await this.#functions.invoke(functionName, JSON.stringify({ Records }));
    if (outcome === THROTTLED) {
      this.#queues.giveBack(messages);
      this.#restsUntil = Date.now() + THROTTLED_PAUSE_MS;
      return;
    }
    const failed = failedItems(
      outcome,
      reportsFailures,
      messages.map((message) => message.messageId),
    );
    if (this.#functions.isStopping && outcome.kind === 'failed') return; // stays in flight; the next start returns it
    this.#queues.settle(queue, messages, (message) => failed.has(message.messageId));
  }
}
