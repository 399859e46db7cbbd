import type { TableFile, StreamRow } from './table-file.ts';
import { THROTTLED, type FunctionPool } from './function-pool.ts';
import { compilePattern, type Matches } from './event-pattern.ts';
import { failedItems } from './batch-response.ts';
import type { Objects } from './aws/objects.ts';
import type { RunnerState } from './state.ts';
import type { StreamMappingSpec } from './stack-functions.ts';

const LONGEST_PAUSE_MS = 5_000;
const THROTTLED_PAUSE_MS = 1_000;
/** How often a stream is looked at: only functions write to tables, so that it matters most while some run. */
const QUIET_POLL_MS = 250;
const BUSY_POLL_MS = 15;

const imageOf = (text: string | null): Record<string, unknown> | undefined =>
  text === null ? undefined : (JSON.parse(text) as Record<string, unknown>);

const recordOf = (row: StreamRow, { sourceArn, region }: StreamMappingSpec) => {
  const [newImage, oldImage] = [imageOf(row.newImage), imageOf(row.oldImage)];
  return {
    eventID: row.sequenceNumber,
    eventName: row.eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: row.createdAt,
      Keys: imageOf(row.keys) ?? {},
      ...(newImage === undefined ? {} : { NewImage: newImage }),
      ...(oldImage === undefined ? {} : { OldImage: oldImage }),
      SequenceNumber: row.sequenceNumber,
      SizeBytes: row.keys.length + (row.newImage?.length ?? 0) + (row.oldImage?.length ?? 0),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: sourceArn,
  };
};
type StreamRecord = ReturnType<typeof recordOf>;

/**
 * Feeds a table's stream to a function, in order and one batch at a time: filter, batch size and window, partial failures, retries until
 * the record is too old or was tried too often, and then the failure destination. The checkpoint is durable.
 */
export class StreamMapping {
  readonly spec: StreamMappingSpec;
  readonly #isPaused: () => boolean;
  readonly #onBatch: ((functionName: string, written: number) => void) | undefined;
  readonly #filters: readonly Matches[];
  readonly #table: TableFile;
  readonly #functions: FunctionPool;
  readonly #state: RunnerState;
  readonly #objects: Objects;
  /** Id of the last stream row that is done with. */
  #position: number;
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #stopped = false;

  /** While `isPaused` says so, nothing is read and the position stays; `wake` is to be called when it does no longer. */
  constructor(
    spec: StreamMappingSpec,
    parts: {
      table: TableFile;
      functions: FunctionPool;
      state: RunnerState;
      objects: Objects;
      isPaused: () => boolean;
      /** Called with the age of each batch that is handed over: when its oldest record was written, in seconds since the epoch. */
      onBatch?: (functionName: string, written: number) => void;
    },
  ) {
    this.#isPaused = parts.isPaused;
    this.#onBatch = parts.onBatch;
    this.spec = spec;
    this.#filters = spec.filters.map(compilePattern);
    this.#table = parts.table;
    this.#functions = parts.functions;
    this.#state = parts.state;
    this.#objects = parts.objects;
    const row = parts.state.db.prepare('SELECT position FROM checkpoint WHERE mapping = ?').get(spec.id);
    this.#position = Number(row?.position ?? 0);
  }

  get tableName(): string {
    return this.spec.tableName;
  }

  get position(): number {
    return this.#position;
  }

  /** Whether every record of the stream has been handed on. */
  get isDrained(): boolean {
    return this.#turn === undefined && this.#table.lastId(this.spec.tableName) <= this.#position;
  }

  /** When the oldest record that is not done with was written, in milliseconds by the machine's time. */
  oldestWaiting(): number | undefined {
    const [row] = this.#table.recordsAfter(this.spec.tableName, this.#position, 1);
    return row === undefined ? undefined : row.createdAt * 1000;
  }

  /** Whether the function is working on records. */
  get isUnderWay(): boolean {
    return this.#turn !== undefined;
  }

  get isPaused(): boolean {
    return this.#isPaused();
  }

  start(): void {
    this.#schedule(0);
  }

  /** Something may have been written: look now. */
  wake(): void {
    if (this.#turn === undefined && this.#attempts === 0) this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      if (this.#turn !== undefined) return;
      const work = this.#isPaused() ? undefined : this.#takeTurn();
      if (work === undefined) {
        this.#schedule(this.#functions.running > 0 ? BUSY_POLL_MS : QUIET_POLL_MS);
        return;
      }
      this.#turn = work.then((pause) => {
        this.#turn = undefined;
        this.#schedule(pause);
      });
    }, ms);
  }

  /** One batch; answers the pause before the next in milliseconds, or undefined when there is nothing to do. */
  #takeTurn(): Promise<number> | undefined {
    const { tableName, batchSize } = this.spec;
    const rows = this.#table.recordsAfter(tableName, this.#position, batchSize);
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    const records = rows
      .map((row) => ({ id: row.id, record: recordOf(row, this.spec) }))
      .filter(({ record }) => this.#passes(record));
    if (records.length === 0) {
      this.#advance(last.id);
      return Promise.resolve(0);
    }
    return this.#handOver(records, last.id);
  }

  async #handOver(records: readonly { id: number; record: StreamRecord }[], lastId: number): Promise<number> {
    const { functionName, reportsFailures } = this.spec;
    const sequence = records.map(({ record }) => record.eventID);
    const event = JSON.stringify({ Records: records.map(({ record }) => record) });
    this.#onBatch?.(functionName, records[0]?.record.dynamodb.ApproximateCreationDateTime ?? 0);
    const outcome = await this.#functions.invoke(functionName, event);
    // What was not invoked was not tried.
    if (outcome === THROTTLED) return THROTTLED_PAUSE_MS;
    const failed = failedItems(outcome, reportsFailures, sequence);
    const firstFailed = records.find(({ record }) => failed.has(record.eventID));
    if (firstFailed === undefined) {
      this.#advance(lastId);
      return 0;
    }
    if (firstFailed.id - 1 > this.#position && firstFailed !== records[0]) this.#advance(firstFailed.id - 1);
    this.#attempts += 1;
    if (!this.#functions.isStopping && this.#isGivenUp(firstFailed.record)) {
      const rest = records.filter(({ id }) => id >= firstFailed.id).map(({ record }) => record);
      this.#park(rest);
      this.#advance(lastId);
      return 0;
    }
    return Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(this.#attempts, 10));
  }

  #passes(record: StreamRecord): boolean {
    return this.#filters.length === 0 || this.#filters.some((matches) => matches(record));
  }

  #isGivenUp({ dynamodb }: StreamRecord): boolean {
    const { maxAttempts, maxAgeSeconds } = this.spec;
    const age = Date.now() / 1000 - dynamodb.ApproximateCreationDateTime;
    return (
      (maxAttempts !== undefined && this.#attempts > maxAttempts) ||
      (maxAgeSeconds !== undefined && age > maxAgeSeconds)
    );
  }

  /** The on-failure destination in S3 gets the records whole, under the name that Lambda gives them. */
  #park(records: readonly StreamRecord[]): void {
    const { failureBucket, id, functionName } = this.spec;
    if (failureBucket === undefined) return;
    const at = new Date().toISOString();
    const key = `aws/lambda/${id}/${at.slice(0, 10).replaceAll('-', '/')}/${at}-${records[0]?.eventID ?? ''}`;
    const body = JSON.stringify({
      requestContext: { functionArn: functionName, condition: 'RetryAttemptsExhausted' },
      timestamp: at,
      payload: { Records: records },
    });
    this.#objects.put({
      bucket: failureBucket,
      key,
      body: Buffer.from(body),
      contentType: 'application/json',
    });
  }

  #advance(to: number): void {
    this.#position = to;
    this.#attempts = 0;
    this.#state.db
      .prepare('INSERT OR REPLACE INTO checkpoint (mapping, position) VALUES (?, ?)')
      .run(this.spec.id, to);
  }
}
