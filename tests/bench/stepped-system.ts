import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { awsJson } from '../../infra/local/aws/aws-json.ts';
import { Cognito } from '../../infra/local/aws/cognito.ts';
import { failedItems } from '../../infra/local/batch-response.ts';
import { Buses } from '../../infra/local/bus.ts';
import { LocalClock } from '../../infra/local/clock.ts';
import { functionEnvironment } from '../../infra/local/environment.ts';
import { compilePattern } from '../../infra/local/event-pattern.ts';
import { FunctionPool } from '../../infra/local/function-pool.ts';
import { jsonAnswer, readRequest, sendAnswer, type Serve } from '../../infra/local/local-http.ts';
import { Mailbox } from '../../infra/local/aws/mail.ts';
import { Objects } from '../../infra/local/aws/objects.ts';
import { putEvents } from '../../infra/local/aws/put-events.ts';
import { Queues } from '../../infra/local/queues.ts';
import { readStack, type Stack } from '../../infra/local/stack.ts';
import { Secrets } from '../../infra/local/aws/secrets.ts';
import { RunnerState } from '../../infra/local/state.ts';
import { synthesize } from '../../infra/local/synthesize.ts';
import { TableFile, type StreamRow } from '../../infra/local/table-file.ts';
import { TableEngine } from '../../infra/local/tables.ts';
import { ACCOUNT, REGION } from '../../infra/local/local-names.ts';
import { Template } from '../../infra/local/template.ts';
import { LocalUserPool } from '../../infra/local/user-pool.ts';
import type { LocalRun } from '../support/local-run.ts';
import { apiEvent, routeFor } from './api-event.ts';
import { type Bench, WrongOutcome } from './benchmark.ts';
import { DynamoDbMeter } from './dynamodb-meter.ts';
import { UsageMeter } from './usage-meter.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The stack as it would be deployed, bundles included; from the local run's cache where the sources are unchanged. */
export const deployedStack = async (bench: Bench): Promise<Stack> => {
  const assembly = await synthesize(root, {}, () => bench.tell('synthesizing the stack'));
  return readStack(Template.read(assembly, 'http://bench.local'));
};

const BATCH_BYTES = 5_000_000;
const SETTLES_WITHIN_MS = 60_000;

const Published = z.looseObject({ Entries: z.array(z.unknown()).optional() });
const Answer = z.object({ statusCode: z.number(), body: z.string().optional() });

const recordOf = (row: StreamRow) => ({
  eventID: row.sequenceNumber,
  eventName: row.eventName,
  eventSource: 'aws:dynamodb',
  dynamodb: {
    Keys: JSON.parse(row.keys) as unknown,
    ...(row.newImage === null ? {} : { NewImage: JSON.parse(row.newImage) as unknown }),
    ...(row.oldImage === null ? {} : { OldImage: JSON.parse(row.oldImage) as unknown }),
    SequenceNumber: row.sequenceNumber,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
});

/**
 * The deployed functions on a real table engine, as in a local run, but nothing moves unless it is told to: streams
 * and queues are handed on by `settle`, in batches of the given size, so that what a batch costs can be counted.
 */
export class SteppedSystem implements Pick<LocalRun, 'request' | 'idle'> {
  readonly stack: Stack;
  readonly engine: TableEngine;
  readonly meter: DynamoDbMeter;
  readonly usage = new UsageMeter();
  /** What every function finds in its environment, with DynamoDB behind the meter. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #log: string;
  readonly #functions: FunctionPool;
  readonly #queues: Queues;
  readonly #file: TableFile;
  readonly #positions = new Map<string, number>();

  private constructor(
    stack: Stack,
    parts: {
      engine: TableEngine;
      meter: DynamoDbMeter;
      file: TableFile;
      state: RunnerState;
      server: Server;
      folder: string;
    },
  ) {
    const { engine, meter, file, state, server, folder } = parts;
    this.stack = stack;
    this.engine = engine;
    this.meter = meter;
    this.#file = file;
    this.#queues = new Queues(state, stack.queues);
    const clock = new LocalClock(state);
    const { buses, rules } = stack;
    const bus = new Buses({ buses, rules, region: REGION, account: ACCOUNT }, this.#queues, clock);
    const put = putEvents(bus);
    const mailbox = new Mailbox(state, clock);
    const pool = new LocalUserPool(state, clock);
    const services: Readonly<Record<string, Serve>> = {
      cognito: awsJson(new Cognito(stack.signIn, { pool, mailbox }).call),
      events: awsJson((operation, input) => {
        const { Entries = [] } = Published.parse(input);
        this.usage.published(Entries.length, JSON.stringify(Entries).length);
        return put(operation, input);
      }),
      secrets: awsJson(new Secrets(state, clock).call),
      ses: mailbox.serve,
      s3: new Objects(state, stack.buckets, clock).serve,
    };
    server.on('request', (incoming, outgoing) => {
      const answer = async () => {
        const request = await readRequest(incoming, BATCH_BYTES);
        const [, , name = '', ...rest] = request?.path.split('/') ?? [];
        const serve = services[name];
        if (request === undefined || serve === undefined)
          return jsonAnswer(501, { message: `no ${name} here` });
        return serve({ ...request, path: `/${rest.join('/')}` });
      };
      void answer().then((ready) => sendAnswer(outgoing, ready));
    });
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const codeCache = path.join(root, '.quotaline', 'code-cache');
    this.environment = functionEnvironment(url, meter.url, codeCache);
    this.#log = path.join(folder, 'functions.log');
    this.#functions = new FunctionPool({
      functions: stack.functions,
      clock,
      folder,
      environment: this.environment,
      onEnd: () => undefined,
      onFailure: (label, { message }) => console.error(`  ${label}: ${message}`),
    });
  }

  static async start(bench: Bench): Promise<SteppedSystem> {
    const stack = await deployedStack(bench);
    const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-bench-'));
    bench.onEnd(() => rmSync(folder, { recursive: true, force: true }));
    const tables = path.join(folder, 'tables.db');
    const engine = await TableEngine.start(tables, bench.tell);
    bench.onEnd(() => engine.stop());
    const file = new TableFile(tables);
    bench.onEnd(() => file.close());
    await engine.create(stack.tables);
    const meter = await DynamoDbMeter.start(engine.url);
    bench.onEnd(() => meter.stop());
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    bench.onEnd(() => {
      server.close();
      server.closeAllConnections();
    });
    const state = new RunnerState(path.join(folder, 'runner.db'));
    bench.onEnd(() => state.close());
    const system = new SteppedSystem(stack, { engine, meter, file, state, server, folder });
    bench.onEnd(() => system.#functions.stop());
    return system;
  }

  /** The event that the gateway makes of a request, and the function that gets it. */
  eventFor(method: string, target: string, body?: unknown) {
    const request = { method, path: target, ...(body === undefined ? {} : { body }) };
    const { route, pathParameters } = routeFor(this.stack.gateway.routes, request);
    return { functionName: route.functionName, event: apiEvent(request, route.key, pathParameters) };
  }

  /** How much the functions have written to their logs since the start, in bytes. */
  logBytes(): number {
    return statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
  }

  async request(method: string, target: string, body?: unknown) {
    this.usage.requested();
    const { functionName, event } = this.eventFor(method, target, body);
    const { statusCode, body: text = '' } = Answer.parse(await this.#invoke(functionName, event));
    return {
      status: statusCode,
      headers: new Headers(),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  }

  async idle(): Promise<void> {
    await this.settle(Number.MAX_SAFE_INTEGER);
  }

  /**
   * Hands on all that waits, and what comes of it, until nothing is left: each stream to its end, then each queue in
   * batches of up to `batchSize` (and no more than its mapping takes). Throws WrongOutcome when it doesn't end.
   */
  async settle(batchSize: number): Promise<void> {
    const until = performance.now() + SETTLES_WITHIN_MS;
    const queues = this.stack.queueMappings.map(({ queue }) => queue);
    for (;;) {
      let moved = false;
      for (const mapping of this.stack.streamMappings) while (await this.#relay(mapping)) moved = true;
      for (const mapping of this.stack.queueMappings)
        while (await this.#consume(mapping, batchSize)) moved = true;
      if (!moved && this.#queues.pending(queues) === 0) break;
      if (performance.now() > until)
        throw new WrongOutcome(`${this.#queues.pending(queues)} messages are left over`);
      // A failed message comes back after a pause.
      if (!moved) await delay(50);
    }
    const dead = this.#queues.deadLetters();
    if (dead.length > 0)
      throw new WrongOutcome(`a dead letter in ${dead[0]?.queue ?? ''}: ${dead[0]?.body ?? ''}`);
  }

  async #relay(mapping: Stack['streamMappings'][number]): Promise<boolean> {
    const { id, tableName, functionName, filters, batchSize } = mapping;
    const rows = this.#file.recordsAfter(tableName, this.#positions.get(id) ?? 0, batchSize);
    const last = rows.at(-1);
    if (last === undefined) return false;
    const matches = filters.map(compilePattern);
    const Records = rows.map(recordOf).filter((record) => matches.some((match) => match(record)));
    if (Records.length > 0) {
      const result = await this.#invoke(functionName, { Records });
      const failed = failedItems(
        { kind: 'done', result },
        true,
        Records.map(({ eventID }) => eventID),
      );
      if (failed.size > 0)
        throw new WrongOutcome(`${functionName} could not relay ${[...failed].join(', ')}`);
    }
    this.#positions.set(id, last.id);
    this.#file.trim(tableName, last.id);
    return true;
  }

  async #consume(mapping: Stack['queueMappings'][number], batchSize: number): Promise<boolean> {
    const { queue, sourceArn, functionName, reportsFailures } = mapping;
    const messages = this.#queues.receive(queue, Math.min(batchSize, mapping.batchSize), BATCH_BYTES);
    if (messages.length === 0) return false;
    this.usage.consumed(messages.length);
    const Records = messages.map(({ messageId, body, receiveCount, sentAt }) => ({
      messageId,
      body,
      attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(sentAt) },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: sourceArn,
    }));
    const result = await this.#invoke(functionName, { Records });
    const failed = failedItems(
      { kind: 'done', result },
      reportsFailures,
      messages.map(({ messageId }) => messageId),
    );
    this.#queues.settle(queue, messages, ({ messageId }) => failed.has(messageId));
    return true;
  }

  async #invoke(functionName: string, event: unknown): Promise<unknown> {
    const started = performance.now();
    const outcome = await this.#functions.invoke(functionName, JSON.stringify(event));
    this.usage.invoked(functionName, performance.now() - started);
    if (outcome.kind === 'failed')
      throw new WrongOutcome(`${functionName}: ${outcome.type}: ${outcome.message}`);
    return outcome.result;
  }
}
