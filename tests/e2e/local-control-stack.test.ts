import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { awsClient } from '../support/aws-client.ts';

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.stop());

describe('CloudFormation of the local run', () => {
  const cloudFormation = () => new CloudFormationClient(awsClient(run, 'cloudformation'));

  it('describes the stack by the name it is deployed under, with where this run answers', async () => {
    const { Stacks } = await cloudFormation().send(new DescribeStacksCommand({ StackName: 'quotaline-dev' }));
    expect(Stacks).toMatchObject([{ StackName: 'quotaline-dev', StackStatus: 'CREATE_COMPLETE' }]);
    const outputs = new Map(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
    expect(['ApiUrl', 'TokenUrl', 'BusName'].map((name) => outputs.get(name))).toEqual([
      run.url,
      `${run.url}/oauth2/token`,
      'quotaline-dev',
    ]);
  });

  it('says which stack there is when it is asked for another', async () => {
    await expect(
      cloudFormation().send(new DescribeStacksCommand({ StackName: 'quotaline-prod' })),
    ).rejects.toThrow(/quotaline-prod does not exist; the local run is quotaline-dev/);
  });

  it('lists every resource with the name that other calls take', async () => {
    const { StackResourceSummaries = [] } = await cloudFormation().send(
      new ListStackResourcesCommand({ StackName: 'quotaline-dev' }),
    );
    const physical = (type: string) =>
      StackResourceSummaries.filter(({ ResourceType }) => ResourceType === type).map(
        ({ PhysicalResourceId }) => PhysicalResourceId,
      );
    expect(physical('AWS::DynamoDB::Table')).toContain('quotaline-dev-deals');
    expect(physical('AWS::Lambda::Function')).toContain('quotaline-dev-deals-relay');
    expect(physical('AWS::Events::Rule')).toContain('quotaline-dev|quotaline-dev-metrics-facts');
    expect(physical('AWS::Events::Archive')).toEqual(['quotaline-dev-events']);
    expect(physical('AWS::SQS::Queue')).toContain(
      'https://sqs.us-east-1.amazonaws.com/000000000000/quotaline-dev-metrics-facts-dead-letters',
    );
  });

  it('finds one resource by its logical id, and says which is missing', async () => {
    const one = (LogicalResourceId: string) =>
      cloudFormation().send(
        new DescribeStackResourcesCommand({ StackName: 'quotaline-dev', LogicalResourceId }),
      );
    const { StackResourceSummaries = [] } = await cloudFormation().send(
      new ListStackResourcesCommand({ StackName: 'quotaline-dev' }),
    );
    const id = StackResourceSummaries[0]?.LogicalResourceId ?? '';
    expect((await one(id)).StackResources).toMatchObject([{ LogicalResourceId: id }]);
    await expect(one('Nothing')).rejects.toThrow(/Nothing does not exist/);
  });
});
