import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CloudWatch } from '../../../infra/local/aws/cloudwatch.ts';
import { readRequest, sendAnswer } from '../../../infra/local/local-http.ts';
import { readAlarms } from '../../../infra/local/stack-alarms.ts';
import { Watch } from '../../../infra/local/watch/watch.ts';

const MINUTE = 60_000;
const clock = { at: Date.parse('2026-03-02T09:00:10Z'), now: () => clock.at };

const alarm = (name: string) => ({
  id: name,
  type: 'AWS::CloudWatch::Alarm',
  properties: {
    AlarmName: `quotaline-dev-${name}`,
    AlarmDescription: 'Runbook: https://example.com/parked.md',
    Namespace: 'Quotaline',
    MetricName: 'ParkedRecords',
    Dimensions: [{ Name: 'service', Value: name }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  },
});

/** The SDK’s own client against the local answers: how it writes and reads them is the SDK’s business. */
describe('CloudWatch', () => {
  const watch = new Watch({
    alarms: readAlarms([alarm('deals'), alarm('goals')]),
    clock,
    look: () => () => undefined,
    warn: (text) => {
      throw new Error(text);
    },
  });
  const { serve } = new CloudWatch(watch, clock);
  let server: Server;
  let client: CloudWatchClient;

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      void readRequest(incoming, 1_000_000).then(async (request) => {
        if (request !== undefined) sendAnswer(response, await serve(request));
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    client = new CloudWatchClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/_aws/cloudwatch`,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterAll(() => {
    client.destroy();
    server.close();
  });

  const put = (values: readonly number[], service = 'deals') =>
    client.send(
      new PutMetricDataCommand({
        Namespace: 'Quotaline',
        MetricData: values.map((Value) => ({
          MetricName: 'ParkedRecords',
          Dimensions: [{ Name: 'service', Value: service }],
          Timestamp: new Date(clock.at),
          Value,
        })),
      }),
    );

  test('tells the alarms that are raised, by state, name and prefix', async () => {
    await put([1]);
    clock.at += MINUTE;
    const raised = await client.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
    expect(raised.MetricAlarms).toMatchObject([
      {
        AlarmName: 'quotaline-dev-deals',
        StateValue: 'ALARM',
        StateReason: expect.stringContaining('[1]') as string,
        StateTransitionedTimestamp: new Date('2026-03-02T09:01:00Z'),
        MetricName: 'ParkedRecords',
        Period: 60,
      },
    ]);
    const names = async (input: DescribeAlarmsCommandInput) =>
      (await client.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    expect(await names({ AlarmNames: ['quotaline-dev-goals'] })).toEqual(['quotaline-dev-goals']);
    expect(await names({ AlarmNamePrefix: 'quotaline-dev-' })).toHaveLength(2);
    expect(await names({ AlarmNamePrefix: 'quotaline-prod-' })).toEqual([]);
  });

  test('gives values by period, alone and summed over several metrics', async () => {
    await put([2, 3]);
    await put([4], 'goals');
    const metric = (Id: string, Value: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'Quotaline',
          MetricName: 'ParkedRecords',
          Dimensions: [{ Name: 'service', Value }],
        },
        Period: 60,
        Stat: 'Sum',
      },
    });
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          metric('m0', 'deals'),
          { ...metric('m1', 'goals'), ReturnData: false },
          { Id: 'all', Expression: 'SUM(METRICS())' },
        ],
        StartTime: new Date('2026-03-02T09:00:00Z'),
        EndTime: new Date('2026-03-02T09:02:00Z'),
        ScanBy: 'TimestampAscending',
      }),
    );
    const times = [new Date('2026-03-02T09:00:00Z'), new Date('2026-03-02T09:01:00Z')];
    expect(MetricDataResults).toMatchObject([
      { Id: 'm0', Timestamps: times, Values: [1, 5] },
      { Id: 'all', Timestamps: times, Values: [1, 9] },
    ]);
  });

  test('gives several statistics of one metric', async () => {
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Quotaline',
        MetricName: 'ParkedRecords',
        Dimensions: [{ Name: 'service', Value: 'deals' }],
        StartTime: new Date('2026-03-02T09:00:00Z'),
        EndTime: new Date('2026-03-02T09:10:00Z'),
        Period: 300,
        Statistics: ['Sum', 'Maximum', 'SampleCount'],
      }),
    );
    expect(Datapoints).toMatchObject([{ Sum: 6, Maximum: 3, SampleCount: 3 }]);
  });

  test('reads what the client has compressed', async () => {
    clock.at += MINUTE;
    await put(Array.from({ length: 400 }, () => 1));
    const at = Math.floor(clock.at / MINUTE) * MINUTE;
    const parked = { namespace: 'Quotaline', name: 'ParkedRecords', dimensions: { service: 'deals' } };
    expect(watch.store.value(parked, 'Sum', at, at + MINUTE)).toBe(400);
  });

  test('says by name what it does not have', async () => {
    await expect(client.send(new DeleteAlarmsCommand({ AlarmNames: ['x'] }))).rejects.toThrow(
      'the local run has no DeleteAlarms of CloudWatch',
    );
  });
});
