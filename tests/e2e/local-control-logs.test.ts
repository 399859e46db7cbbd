import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsClient } from '../support/aws-client.ts';
import { eventually } from '../support/eventually.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { salesOrganization, winDeal } from '../support/sales-organization.ts';

let run: LocalRun;
let logs: CloudWatchLogsClient;
let dealId: string;
beforeAll(async () => {
  run = await startLocalRun();
  logs = new CloudWatchLogsClient(awsClient(run, 'logs'));
  const { repId } = await salesOrganization(run);
  dealId = await winDeal(run, repId, 'Followed', 10_000);
  await run.idle();
});
afterAll(() => run.stop());

const groups = async (): Promise<readonly string[]> =>
  ((await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? []).flatMap(
    ({ logGroupName }) => logGroupName ?? [],
  );

const start = async (queryString: string, logGroupNames?: readonly string[]) =>
  (
    await logs.send(
      new StartQueryCommand({
        logGroupNames: [...(logGroupNames ?? (await groups()))],
        startTime: Math.floor(Date.now() / 1000) - 3600,
        endTime: Math.ceil(Date.now() / 1000),
        queryString,
      }),
    )
  ).queryId;

const results = (queryId: string | undefined) =>
  eventually('the query is complete', 10_000, async () => {
    const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
    if (answer.status !== 'Complete') return undefined;
    return (answer.results ?? []).map(
      (fields) => new Map(fields.map(({ field, value }) => [field, value ?? ''])),
    );
  });

describe('CloudWatch Logs of the local run', () => {
  it('has a log group for each function', async () => {
    expect(await groups()).toContain('/aws/lambda/quotaline-dev-deals-relay');
  });

  it('follows a deal through all functions, oldest line first', async () => {
    const lines = await results(
      await start(
        `fields @timestamp, @log, @message | filter @message like "${dealId}" | sort @timestamp asc`,
      ),
    );
    expect(new Set(lines.map((line) => line.get('@log')))).toContain(
      '000000000000:/aws/lambda/quotaline-dev-deals-api',
    );
    expect(lines.every((line) => line.get('@message')?.includes(dealId))).toBe(true);
    const times = lines.map((line) => line.get('@timestamp') ?? '');
    expect(times).toEqual(times.toSorted());
  });

  it('looks into the groups alone that are asked for', async () => {
    const query = `fields @log | filter @message like "${dealId}"`;
    expect(await results(await start(query, ['/aws/lambda/quotaline-dev-team-token']))).toEqual([]);
    await expect(start(query, ['/aws/lambda/nothing'])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('refuses a query that it does not carry out, and says which it does', async () => {
    await expect(start('stats count(*) by bin(1h)')).rejects.toThrow(
      /stats count.*the local run answers: fields/,
    );
  });

  it('stops a query', async () => {
    const queryId = await start('fields @message');
    const { success } = await logs.send(new StopQueryCommand({ queryId }));
    const { status } = await logs.send(new GetQueryResultsCommand({ queryId }));
    expect(status).toBe(success === true ? 'Cancelled' : 'Complete');
  });
});
