import {
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  ListArchivesCommand,
  ListReplaysCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  StartReplayCommand,
  type StartReplayCommandInput,
} from '@aws-sdk/client-eventbridge';
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { awsClient } from '../support/aws-client.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';

const ARCHIVE = 'arn:aws:events:us-east-1:000000000000:archive/quotaline-dev-events';
const BUS = 'arn:aws:events:us-east-1:000000000000:event-bus/quotaline-dev';
const ruleArn = (unit: string) =>
  `arn:aws:events:us-east-1:000000000000:rule/quotaline-dev/quotaline-dev-${unit}`;
const Envelope = z.looseObject({ 'replay-name': z.string(), time: z.string() });
const HOUR_MS = 3_600_000;

let run: LocalRun;
let events: EventBridgeClient;
let tables: DynamoDBClient;
let sales: SalesOrganization;
const connect = () => {
  events = new EventBridgeClient(awsClient(run, 'events'));
  tables = new DynamoDBClient(awsClient(run, 'dynamodb'));
};
beforeAll(async () => {
  run = await startLocalRun();
  connect();
  sales = await salesOrganization(run);
  for (const [n, amount] of [10_000, 20_000, 30_000].entries())
    await winDeal(run, sales.repId, `Deal ${String(n)}`, amount);
  await run.idle();
});
afterAll(() => run.stop());

const window = () => ({
  EventStartTime: new Date(Date.now() - HOUR_MS),
  EventEndTime: new Date(Date.now() + HOUR_MS),
});

const replay = (ReplayName: string, change: Partial<StartReplayCommandInput> = {}) =>
  events.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: ARCHIVE,
      ...window(),
      Destination: { Arn: BUS },
      ...change,
    }),
  );

const stateOf = async (ReplayName: string) =>
  (await events.send(new DescribeReplayCommand({ ReplayName }))).State;

type Item = Readonly<Record<string, AttributeValue>>;
const keyOf = ({ pk, sk }: Item): string => `${pk?.S ?? ''} ${sk?.S ?? ''}`;

/** Everything in a service's table, by key; but how often goals has looked at a scope, which says nothing about it. */
const contents = async (service: string): Promise<Readonly<Record<string, Item>>> => {
  const { Items = [] } = await tables.send(new ScanCommand({ TableName: `quotaline-dev-${service}` }));
  return Object.fromEntries(
    Items.filter(({ type }) => type?.S !== 'scope-sequence').map((item) => [keyOf(item), item]),
  );
};

const revenue = async (): Promise<unknown> => {
  const year = String(new Date().getUTCFullYear());
  const { body } = await run.request('GET', `/v1/metrics?scope=org&period=${year}&kpis=wonDeals,wonRevenue`);
  return z.object({ kpis: z.record(z.string(), z.object({ value: z.unknown() })) }).parse(body).kpis;
};

describe('EventBridge of the local run', () => {
  it('lists the rules by the names of their subscriptions, and where they lead', async () => {
    const { Rules = [] } = await events.send(
      new ListRulesCommand({ EventBusName: 'quotaline-dev', NamePrefix: 'quotaline-dev-metrics-' }),
    );
    expect(Rules.map(({ Arn }) => Arn)).toContain(ruleArn('metrics-facts'));
    const { Targets } = await events.send(
      new ListTargetsByRuleCommand({ EventBusName: BUS, Rule: 'quotaline-dev-metrics-facts' }),
    );
    expect(Targets).toMatchObject([
      { Arn: 'arn:aws:sqs:us-east-1:000000000000:quotaline-dev-metrics-facts' },
    ]);
  });

  it('keeps every event in the archive that the stack declares', async () => {
    const { EventCount, ...archive } = await events.send(
      new DescribeArchiveCommand({ ArchiveName: 'quotaline-dev-events' }),
    );
    expect(archive).toMatchObject({ ArchiveArn: ARCHIVE, EventSourceArn: BUS, RetentionDays: 14 });
    expect(EventCount).toBeGreaterThan(10);
    const { Archives } = await events.send(new ListArchivesCommand({}));
    expect(Archives).toMatchObject([{ ArchiveName: 'quotaline-dev-events', EventCount }]);
  });

  it('changes nothing when everything is replayed to everyone', async () => {
    const before = await Promise.all(['team', 'deals', 'metrics', 'goals'].map(contents));
    const answers = await revenue();
    await replay('everything');
    await run.idle();
    expect(await stateOf('everything')).toBe('COMPLETED');
    expect(await Promise.all(['team', 'deals', 'metrics', 'goals'].map(contents))).toEqual(before);
    expect(await revenue()).toEqual(answers);
    expect(await run.deadLetters()).toEqual([]);
  });

  it('brings a consumer level that has lost a part of its table, and leaves the others alone', async () => {
    const TableName = 'quotaline-dev-deals';
    const before = await contents('deals');
    const copies = Object.values(before).filter((item) => keyOf(item).startsWith('directory#'));
    expect(copies.length).toBeGreaterThan(2);
    for (const { pk, sk } of copies) {
      if (pk === undefined || sk === undefined) throw new Error('an item without a key');
      await tables.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
    }
    await replay('to-deals', { Destination: { Arn: BUS, FilterArns: [ruleArn('deals-directory')] } });
    await run.idle();
    expect(await contents('deals')).toEqual(before);
    const { Destination, EventLastReplayedTime, State } = await events.send(
      new DescribeReplayCommand({ ReplayName: 'to-deals' }),
    );
    expect([State, Destination?.FilterArns]).toEqual(['COMPLETED', [ruleArn('deals-directory')]]);
    expect(EventLastReplayedTime?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('replays to those alone who are named, and marks what it replays', async () => {
    const paused = { ReplayName: 'marked', FilterArns: [ruleArn('goals-directory')] };
    const mappings = new LambdaClient(awsClient(run, 'lambda'));
    const { EventSourceMappings = [] } = await mappings.send(
      new ListEventSourceMappingsCommand({ FunctionName: 'quotaline-dev-goals-directory' }),
    );
    const UUID = EventSourceMappings[0]?.UUID ?? '';
    await mappings.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await replay(paused.ReplayName, { Destination: { Arn: BUS, FilterArns: paused.FilterArns } });
    await run.idle();
    const sqs = new SQSClient(awsClient(run, 'sqs'));
    const { QueueUrl } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: 'quotaline-dev-goals-directory' }),
    );
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    const bodies = Messages.map(({ Body }) => Envelope.parse(JSON.parse(Body ?? '')));
    expect(bodies.length).toBeGreaterThan(2);
    expect(new Set(bodies.map((body) => body['replay-name']))).toEqual(new Set(['marked']));
    const times = bodies.map(({ time }) => Date.parse(time));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await mappings.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await run.idle();
  });

  it('lists replays, over a restart too, and cancels none that has ended', async () => {
    await run.restart();
    connect();
    const { Replays = [] } = await events.send(new ListReplaysCommand({ State: 'COMPLETED' }));
    expect(Replays.map(({ ReplayName }) => ReplayName).toSorted()).toEqual([
      'everything',
      'marked',
      'to-deals',
    ]);
    await expect(events.send(new CancelReplayCommand({ ReplayName: 'marked' }))).rejects.toMatchObject({
      name: 'IllegalStatusException',
    });
  });

  it.each([
    ['a window that ends before it begins', { EventEndTime: new Date(0) }, /EventStartTime must be before/],
    ['another bus', { Destination: { Arn: `${BUS}-else` } }, /Cross event bus replay is not permitted/],
    ['a rule that is not there', { Destination: { Arn: BUS, FilterArns: [ruleArn('x')] } }, /is no rule of/],
    ['an archive that is not there', { EventSourceArn: `${ARCHIVE}-else` }, /does not exist/],
    ['a name that is taken', { ReplayName: 'marked' }, /already exists/],
    ['a name that can’t be one', { ReplayName: 'a b' }, /must be up to 64 letters/],
  ])('refuses a replay with %s', async (_, change, message) => {
    await expect(replay('refused', change)).rejects.toThrow(message);
  });
});
