import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { REGION } from '../local/local-names.ts';

/** The AWS services that operating needs, at one place. */
export interface AwsClients {
  readonly cloudformation: CloudFormationClient;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly ses: SESv2Client;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

/** Whoever waits at a terminal would rather hear that nothing answers. */
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** By the SDK’s own rules: credentials, region and endpoints (AWS_ENDPOINT_URL) of the environment and its profile. */
export const deployedClients = (): AwsClients => {
  const settings = { requestHandler };
  // An emulator has no host name per bucket.
  const forcePathStyle = process.env.AWS_ENDPOINT_URL !== undefined;
  return {
    cloudformation: new CloudFormationClient(settings),
    cloudwatch: new CloudWatchClient(settings),
    dynamodb: new DynamoDBClient(settings),
    events: new EventBridgeClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle }),
    ses: new SESv2Client(settings),
    // The endpoint is asked for a queue wherever the queue’s address leads: an emulator’s may lead past TLS.
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    sts: new STSClient(settings),
  };
};

/** The services that the local run at `url` answers; nothing leads to AWS. */
export const localClients = (url: string): AwsClients => {
  const at = (name: string) => ({
    requestHandler,
    endpoint: `${url}/_aws/${name}`,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    cloudformation: new CloudFormationClient(at('cloudformation')),
    cloudwatch: new CloudWatchClient(at('cloudwatch')),
    dynamodb: new DynamoDBClient(at('dynamodb')),
    events: new EventBridgeClient(at('events')),
    lambda: new LambdaClient(at('lambda')),
    logs: new CloudWatchLogsClient(at('logs')),
    s3: new S3Client({ ...at('s3'), forcePathStyle: true }),
    ses: new SESv2Client(at('ses')),
    // A queue’s address is a name here, not a place to send to.
    sqs: new SQSClient({ ...at('sqs'), useQueueUrlAsEndpoint: false }),
    sts: new STSClient(at('sts')),
  };
};
