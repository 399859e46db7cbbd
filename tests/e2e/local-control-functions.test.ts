import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { awsClient } from '../support/aws-client.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';

let run: LocalRun;
let lambda: LambdaClient;
let sales: SalesOrganization;
const connect = () => (lambda = new LambdaClient(awsClient(run, 'lambda')));
beforeAll(async () => {
  run = await startLocalRun();
  connect();
  sales = await salesOrganization(run);
  await run.idle();
});
afterAll(() => run.stop());

const mappingOf = async (name: string): Promise<string> => {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: `quotaline-dev-${name}` }),
  );
  expect(EventSourceMappings).toHaveLength(1);
  return EventSourceMappings[0]?.UUID ?? '';
};

const switched = async (name: string, Enabled: boolean): Promise<string> => {
  const UUID = await mappingOf(name);
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  return UUID;
};

const stateOf = async (UUID: string) => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;

const Idle = z.object({
  idle: z.literal(true),
  paused: z.object({ mappings: z.number(), messages: z.number(), streams: z.number() }).optional(),
});
const whenIdle = async () => Idle.parse(await (await fetch(`${run.url}/_local/idle?timeout=60`)).json());

const wonDeals = async (): Promise<number | null> => {
  const year = String(new Date().getUTCFullYear());
  const { body } = await run.request('GET', `/v1/metrics?scope=org&period=${year}&kpis=wonDeals`);
  return z.object({ kpis: z.object({ wonDeals: z.object({ value: z.number().nullable() }) }) }).parse(body)
    .kpis.wonDeals.value;
};

describe('Lambda of the local run', () => {
  it('lists the functions, with the environment that the stack gives them', async () => {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    expect(Functions.map(({ FunctionName }) => FunctionName)).toContain('quotaline-dev-deals-relay');
    const { Environment, FunctionArn } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'quotaline-dev-deals-api' }),
    );
    expect(Environment?.Variables).toMatchObject({ EPOCH: '0', TABLE_NAME: 'quotaline-dev-deals' });
    await expect(
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName: FunctionArn?.replace('api', 'ape') })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('lists what feeds the functions, by function and by source', async () => {
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
    const streams = EventSourceMappings.filter(({ EventSourceArn }) => EventSourceArn?.includes('/stream/'));
    expect(streams).toHaveLength(4);
    const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:quotaline-dev-metrics-facts';
    const ofQueue = await lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn }));
    expect(ofQueue.EventSourceMappings).toMatchObject([{ EventSourceArn, State: 'Enabled' }]);
  });

  it('stops a consumer that is switched off, keeps its messages over a restart, and goes on when it is switched on', async () => {
    const before = (await wonDeals()) ?? 0;
    const uuid = await switched('metrics-facts', false);
    expect(await stateOf(uuid)).toBe('Disabled');
    await winDeal(run, sales.repId, 'While switched off', 10_000);
    const { paused } = await whenIdle();
    expect(paused).toMatchObject({ mappings: 1, streams: 0 });
    expect(paused?.messages).toBeGreaterThan(0);
    expect(await wonDeals()).toBe(before);

    await run.restart();
    connect();
    expect(await stateOf(uuid)).toBe('Disabled');
    expect(run.output()).toMatch(/1 mappings are switched off/);
    expect((await whenIdle()).paused).toEqual(paused);
    expect(await wonDeals()).toBe(before);

    await switched('metrics-facts', true);
    expect(await stateOf(uuid)).toBe('Enabled');
    expect((await whenIdle()).paused).toBeUndefined();
    expect(await wonDeals()).toBe(before + 1);
  });

  it('stops a relay that is switched off, and keeps its place in the stream', async () => {
    const before = (await wonDeals()) ?? 0;
    await switched('deals-relay', false);
    await winDeal(run, sales.repId, 'Relay switched off', 10_000);
    expect((await whenIdle()).paused).toEqual({ mappings: 1, messages: 0, streams: 1 });
    await switched('deals-relay', true);
    await run.idle();
    expect(await wonDeals()).toBe(before + 1);
  });

  it('answers requests with 503 while a function has no concurrency, and lets its messages wait', async () => {
    const FunctionName = 'quotaline-dev-team-api';
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    const refused = await run.request('POST', '/v1/teams', { name: 'Nobody there' });
    expect([refused.status, refused.body]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).toMatchObject({
      ReservedConcurrentExecutions: 0,
    });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await create(run, '/v1/teams', { name: 'Back again' })).toMatch(/^team_/);

    await run.idle();
    const consumer = { FunctionName: 'quotaline-dev-goals-directory' };
    await lambda.send(new PutFunctionConcurrencyCommand({ ...consumer, ReservedConcurrentExecutions: 0 }));
    await create(run, '/v1/teams', { name: 'Unheard of' });
    expect((await whenIdle()).paused).toMatchObject({ mappings: 1, messages: 1 });
    await lambda.send(new DeleteFunctionConcurrencyCommand(consumer));
    expect((await whenIdle()).paused).toBeUndefined();
    expect(await run.deadLetters()).toEqual([]);
  });

  it('keeps tags on a function', async () => {
    const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:quotaline-dev-deals-api';
    await lambda.send(new TagResourceCommand({ Resource, Tags: { a: '1', b: '2' } }));
    await lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));
    expect((await lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2' });
  });

  it('refuses changes that it would not carry out', async () => {
    const UUID = await mappingOf('metrics-facts');
    await expect(lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 1 }))).rejects.toThrow(
      /changes Enabled of a mapping, and nothing else/,
    );
  });
});
