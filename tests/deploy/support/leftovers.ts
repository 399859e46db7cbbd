import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsClient } from './aws.ts';
import type { EmulatorAddress } from './emulator.ts';

/** The names of everything that a stack may have left, by kind. */
export const leftovers = async (emulator: EmulatorAddress, stack: string): Promise<readonly string[]> => {
  const config = awsClient(emulator);
  const { StackSummaries = [] } = await new CloudFormationClient(config).send(new ListStacksCommand({}));
  const { TableNames = [] } = await new DynamoDBClient(config).send(new ListTablesCommand({}));
  const { QueueUrls = [] } = await new SQSClient(config).send(new ListQueuesCommand({}));
  const lambda = new LambdaClient(config);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  const { EventBuses = [] } = await new EventBridgeClient(config).send(new ListEventBusesCommand({}));
  const { Buckets = [] } = await new S3Client({ ...config, forcePathStyle: true }).send(
    new ListBucketsCommand({}),
  );
  const { logGroups = [] } = await new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand({}));
  const { MetricAlarms = [] } = await new CloudWatchClient(config).send(new DescribeAlarmsCommand({}));
  const { UserPools = [] } = await new CognitoIdentityProviderClient(config).send(
    new ListUserPoolsCommand({ MaxResults: 60 }),
  );
  const names = {
    stack: StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(
      ({ StackName }) => StackName,
    ),
    table: TableNames,
    queue: QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1)),
    function: Functions.map(({ FunctionName }) => FunctionName),
    mapping: EventSourceMappings.map(({ EventSourceArn }) => EventSourceArn),
    bus: EventBuses.map(({ Name }) => Name),
    bucket: Buckets.map(({ Name }) => Name),
    log: logGroups.map(({ logGroupName }) => logGroupName),
    alarm: MetricAlarms.map(({ AlarmName }) => AlarmName),
    pool: UserPools.map(({ Name }) => Name),
  };
  return Object.entries(names).flatMap(([kind, all]) =>
    all.filter((name) => name?.includes(stack)).map((name) => `${kind} ${name ?? ''}`),
  );
};
