import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type Bench, type Benchmark, expectOutcome, type Outcome, WrongOutcome } from './benchmark.ts';
import type { MeteredCall } from './dynamodb-meter.ts';
import { openDeal, salesFloor, winDeal } from './sales-floor.ts';
import { lambdaContext } from './lambda-context.ts';
import { median, timed } from './sample.ts';
import { SteppedSystem } from './stepped-system.ts';

const WARM_UP = 40;
const ROUNDS = 160;

type Handler = (event: unknown, context: unknown) => Promise<unknown>;
const Bundle = z.looseObject({ handler: z.custom<Handler>((value) => typeof value === 'function') });
const Answer = z.object({ statusCode: z.number(), body: z.string().optional() });

/** The very bundle, loaded here with the environment that it has when deployed, on the engine without the meter. */
const dealsHandler = async (system: SteppedSystem, functionName: string): Promise<Handler> => {
  const spec = system.stack.functions.find(({ name }) => name === functionName);
  if (spec === undefined) throw new Error(`the stack has no function ${functionName}`);
  Object.assign(process.env, system.environment, spec.environment, {
    AWS_ENDPOINT_URL_DYNAMODB: system.engine.url,
    LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const file = path.join(spec.assetFolder, spec.module);
  return Bundle.parse(await import(pathToFileURL(file).href)).handler;
};

/** The captured call, as the bare SDK makes it; a write goes to another item of the same shape. */
const replay = (client: DynamoDBClient, { operation, input }: MeteredCall, pk: string): Promise<unknown> => {
  // The inputs are what the SDK itself has sent a moment ago.
  switch (operation) {
    case 'GetItem':
      return client.send(new GetItemCommand(input as unknown as GetItemCommandInput));
    case 'BatchGetItem':
      return client.send(new BatchGetItemCommand(input as unknown as BatchGetItemCommandInput));
    case 'Query':
      return client.send(new QueryCommand(input as unknown as QueryCommandInput));
    case 'UpdateItem': {
      const update = input as unknown as UpdateItemCommandInput;
      return client.send(new UpdateItemCommand({ ...update, Key: { ...update.Key, pk: { S: pk } } }));
    }
    default:
      throw new WrongOutcome(`winning a deal calls ${operation}, which this benchmark does not replay`);
  }
};

const pkOf = ({ input }: MeteredCall): string =>
  z.object({ Key: z.object({ pk: z.object({ S: z.string() }) }) }).parse(input).Key.pk.S;

const run = async (bench: Bench): Promise<Outcome> => {
  const system = await SteppedSystem.start(bench);
  const floor = await salesFloor(system);
  bench.tell('opening deals');
  const ids: string[] = [];
  for (let at = 0; at < 1 + 3 * (WARM_UP + ROUNDS); at += 1) ids.push(await openDeal(system, floor, at));
  await system.idle();

  const [first = '', ...rest] = ids;
  system.meter.take();
  await winDeal(system, first);
  const calls = system.meter.take();
  const write = calls.find(({ kind }) => kind === 'write');
  if (write === undefined) throw new WrongOutcome('winning a deal writes nothing');
  expectOutcome('writes of a win', calls.filter(({ kind }) => kind === 'write').length, 1);
  const pkFor = (id: string) => pkOf(write).replace(first, id);

  const { functionName } = system.eventFor('POST', `/v1/deals/${first}/win`, {});
  const handler = await dealsHandler(system, functionName);
  const client = new DynamoDBClient({});
  bench.onEnd(() => client.destroy());
  const context = lambdaContext(functionName);

  bench.tell(`winning ${WARM_UP + ROUNDS} deals each way, in turn`);
  const ways = {
    handler: async (id: string) => {
      const { statusCode, body } = Answer.parse(
        await handler(system.eventFor('POST', `/v1/deals/${id}/win`, {}).event, context),
      );
      if (statusCode !== 200) throw new WrongOutcome(`win: ${statusCode} ${body ?? ''}`);
    },
    write: async (id: string) => {
      await replay(client, write, pkFor(id));
    },
    calls: async (id: string) => {
      for (const call of calls) await replay(client, call, pkFor(id));
    },
  };
  const times = { handler: [] as number[], write: [] as number[], calls: [] as number[] };
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const [at, way] of (['handler', 'write', 'calls'] as const).entries()) {
      const { ms } = await timed(() => ways[way](rest[3 * round + at] ?? ''));
      if (round >= WARM_UP) times[way].push(ms);
    }
  }
  const [whole, raw, same] = [median(times.handler), median(times.write), median(times.calls)];
  const reads = calls.map(({ operation }) => operation).join(', ');
  return {
    figures: [
      { subject: 'win', name: 'through the handler', value: whole, unit: 'ms' },
      { subject: 'win', name: 'the bare SDK: its conditional write alone', value: raw, unit: 'ms' },
      { subject: 'win', name: 'the bare SDK: all of its calls', value: same, unit: 'ms' },
      { subject: 'win', name: 'handler over the write alone', value: whole / raw, unit: '×' },
      { subject: 'win', name: 'handler over all of its calls', value: whole / same, unit: '×' },
      { subject: 'win', name: 'of our own, beside the calls', value: whole - same, unit: 'ms' },
    ],
    notes: [`The calls of a win, one after the other: ${reads}.`],
  };
};

export const handlerOverhead: Benchmark = {
  name: 'handler-overhead',
  title: `Handler overhead: the deals API winning a deal, beside the same calls by the bare SDK (medians of ${ROUNDS})`,
  run,
};
