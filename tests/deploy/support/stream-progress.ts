import { open } from 'node:fs/promises';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { awsClient } from './aws.ts';
import type { EmulatorAddress } from './emulator.ts';

/** What the emulator says when a stream's function has handled a batch. */
const HANDLED = /ESM: Lambda \S+ processed (\d+) DynamoDB stream records from (\S+)/g;

interface Stream {
  readonly StreamArn: string | undefined;
  readonly ShardId: string | undefined;
  /** Sequence number of the last record that was read. */
  last: string | undefined;
  written: number;
}

/**
 * How far relays have come: on AWS nobody tells (but the age of what waits, minutes later), so the emulator's log is
 * compared with the streams. Begins to count at its making; the tables must be new.
 */
export class StreamProgress {
  readonly #tables: readonly string[];
  readonly #client: DynamoDBStreamsClient;
  readonly #logFile: string;
  #logPosition: number;
  #logRest = '';
  readonly #streams = new Map<string, Stream>();
  readonly #handled = new Map<string, number>();

  constructor(emulator: EmulatorAddress, tables: readonly string[], logPosition: number) {
    this.#tables = tables;
    this.#client = new DynamoDBStreamsClient(awsClient(emulator));
    this.#logFile = emulator.logFile;
    this.#logPosition = logPosition;
  }

  /** By table, how many writes that cause events there have been, and how many of them its relay has handled. */
  async look(): Promise<ReadonlyMap<string, { readonly written: number; readonly handled: number }>> {
    // First what was written, for it only grows: nothing can seem handled that is not.
    for (const table of this.#tables) await this.#readStream(table);
    await this.#readLog();
    return new Map(
      this.#tables.map((table) => [
        table,
        { written: this.#streams.get(table)?.written ?? 0, handled: this.#handled.get(table) ?? 0 },
      ]),
    );
  }

  async #readStream(table: string): Promise<void> {
    const stream = await this.#streamOf(table);
    let iterator = await this.#iteratorAfterLast(stream);
    while (iterator !== undefined) {
      const page = await this.#client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      const records = page.Records ?? [];
      // As the relay's mapping filters.
      stream.written += records.filter(
        ({ dynamodb }) => dynamodb?.NewImage?.outboxId?.S !== undefined,
      ).length;
      stream.last = records.at(-1)?.dynamodb?.SequenceNumber ?? stream.last;
      iterator = records.length === 0 ? undefined : page.NextShardIterator;
    }
  }

  async #streamOf(table: string): Promise<Stream> {
    const known = this.#streams.get(table);
    if (known !== undefined) return known;
    const { Streams = [] } = await this.#client.send(new ListStreamsCommand({ TableName: table }));
    const StreamArn = Streams[0]?.StreamArn;
    const { StreamDescription } = await this.#client.send(new DescribeStreamCommand({ StreamArn }));
    const shards = StreamDescription?.Shards ?? [];
    if (shards.length !== 1) throw new Error(`The stream of ${table} has ${shards.length} shards, not one`);
    const stream = { StreamArn, ShardId: shards[0]?.ShardId, last: undefined, written: 0 };
    this.#streams.set(table, stream);
    return stream;
  }

  /** A new one each time: they expire while a test does something else. */
  async #iteratorAfterLast({ StreamArn, ShardId, last }: Stream): Promise<string | undefined> {
    const from =
      last === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' as const }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: last };
    const answer = await this.#client.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from }));
    return answer.ShardIterator;
  }

  async #readLog(): Promise<void> {
    const file = await open(this.#logFile);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(size - this.#logPosition),
        position: this.#logPosition,
      });
      this.#logPosition += bytesRead;
      this.#logRest += buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
    const end = this.#logRest.lastIndexOf('\n') + 1;
    for (const [, count = '0', table = ''] of this.#logRest.slice(0, end).matchAll(HANDLED))
      this.#handled.set(table, (this.#handled.get(table) ?? 0) + Number(count));
    this.#logRest = this.#logRest.slice(end);
  }
}
