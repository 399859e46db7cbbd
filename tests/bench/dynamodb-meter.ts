import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

/** One call of DynamoDB's API, as it passed the meter. */
export interface MeteredCall {
  /** As in `UpdateItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly table: string;
  readonly kind: 'read' | 'write';
  /** Capacity units, indexes included. */
  readonly units: number;
  /** Items that were looked at or written. */
  readonly items: number;
}

const Consumed = z.object({ TableName: z.string(), CapacityUnits: z.number() });
const Answer = z.looseObject({
  ConsumedCapacity: z.union([Consumed, z.array(Consumed)]).optional(),
  ScannedCount: z.number().optional(),
});
const Input = z.looseObject({
  TableName: z.string().optional(),
  TransactItems: z.array(z.unknown()).optional(),
  RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(z.unknown()).optional() })).optional(),
});

const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);
const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems', 'BatchWriteItem']);

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const itemsOf = (input: z.infer<typeof Input>, answer: z.infer<typeof Answer>): number => {
  if (answer.ScannedCount !== undefined) return answer.ScannedCount;
  if (input.TransactItems !== undefined) return input.TransactItems.length;
  if (input.RequestItems === undefined) return 1;
  return Object.values(input.RequestItems).reduce((sum, { Keys = [] }) => sum + Keys.length, 0);
};

/**
 * Stands between the functions and DynamoDB, asks on their behalf what each call costs, and keeps count: the bundles
 * are measured as they are deployed, without a line in them for it.
 */
export class DynamoDbMeter {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #engine: string;
  #calls: MeteredCall[] = [];

  private constructor(engine: string) {
    this.#engine = engine;
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
      this.#pass(incoming).then(
        ({ status, type, body }) => outgoing.writeHead(status, { 'content-type': type }).end(body),
        (error: unknown) => outgoing.writeHead(502).end(String(error)),
      );
    });
  }

  /** `engine` is the URL of what answers in the end. */
  static async start(engine: string): Promise<DynamoDbMeter> {
    const meter = new DynamoDbMeter(engine);
    meter.#server.listen(0, '127.0.0.1');
    await once(meter.#server, 'listening');
    return meter;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** The calls since the last taking, oldest first. */
  take(): readonly MeteredCall[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  stop(): void {
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #pass(incoming: IncomingMessage): Promise<{ status: number; type: string; body: Buffer }> {
    const operation = String(incoming.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    const given = await bodyOf(incoming);
    const kind = READS.has(operation) ? 'read' : WRITES.has(operation) ? 'write' : undefined;
    if (kind === undefined) return this.#forward(incoming, given);
    const input = Input.parse(JSON.parse(given.toString()));
    const asked = JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' });
    const answer = await this.#forward(incoming, Buffer.from(asked));
    if (answer.status !== 200) return answer;
    const parsed = Answer.parse(JSON.parse(answer.body.toString()));
    const consumed = [parsed.ConsumedCapacity ?? []].flat();
    this.#calls.push({
      operation,
      input,
      kind,
      table: consumed[0]?.TableName ?? input.TableName ?? '',
      units: consumed.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0),
      items: itemsOf(input, parsed),
    });
    return answer;
  }

  async #forward(
    incoming: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; type: string; body: Buffer }> {
    const { host: _host, 'content-length': _length, ...headers } = incoming.headers;
    const outgoing = request(this.#engine, {
      method: incoming.method ?? 'POST',
      path: incoming.url ?? '/',
      headers: { ...headers, 'content-length': body.length },
      agent: this.#agent,
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return {
      status: answer.statusCode ?? 502,
      type: answer.headers['content-type'] ?? 'application/json',
      body: await bodyOf(answer),
    };
  }
}

/** Sums over calls. */
export const unitsOf = (calls: readonly MeteredCall[]): number =>
  calls.reduce((sum, { units }) => sum + units, 0);
export const itemsTouched = (calls: readonly MeteredCall[]): number =>
  calls.reduce((sum, { items }) => sum + items, 0);
