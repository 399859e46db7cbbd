import { createHash } from 'node:crypto';

/** Where everything lies locally; nobody checks, but names have to hold together. */
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** The last part of an ARN or URL: the name of what it points to. */
export const nameIn = (arn: string): string => arn.split(/[:/]/).at(-1) ?? arn;

/** A rule of a bus of our own has the bus's name in its ARN. */
export const ruleArn = (bus: string, name: string): string =>
  `arn:aws:events:${REGION}:${ACCOUNT}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`;

/** Address of a queue, as CloudFormation and SQS give it. */
export const queueUrl = (name: string): string => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`;

/** Lambda's name of an event source mapping: a UUID, here the same one at each start. */
export const mappingUuid = (functionName: string, sourceArn: string): string =>
  createHash('sha256')
    .update(`${functionName} ${sourceArn}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Which property names a resource of a type, and what its ARN looks like. */
export const named: Readonly<
  Record<string, { readonly name: string; readonly arn: (name: string) => string }>
> = {
  'AWS::DynamoDB::Table': {
    name: 'TableName',
    arn: (name) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
  },
  'AWS::DynamoDB::GlobalTable': {
    name: 'TableName',
    arn: (name) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
  },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    arn: (name) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
  },
  'AWS::SQS::Queue': { name: 'QueueName', arn: (name) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}` },
  'AWS::Events::EventBus': {
    name: 'Name',
    arn: (name) => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`,
  },
  'AWS::Events::Rule': { name: 'Name', arn: (name) => ruleArn('default', name) },
  'AWS::Events::Archive': {
    name: 'ArchiveName',
    arn: (name) => `arn:aws:events:${REGION}:${ACCOUNT}:archive/${name}`,
  },
  'AWS::CloudWatch::Alarm': {
    name: 'AlarmName',
    arn: (name) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
  },
  'AWS::CloudWatch::CompositeAlarm': {
    name: 'AlarmName',
    arn: (name) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
  },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    arn: (name) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*`,
  },
  'AWS::S3::Bucket': { name: 'BucketName', arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    arn: (name) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}`,
  },
  'AWS::Cognito::UserPool': {
    // Its stage is in it: the issuer of a stage’s tokens, which no other stage takes.
    name: 'UserPoolName',
    arn: (name) => `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${name}`,
  },
  'AWS::ApiGatewayV2::DomainName': { name: 'DomainName', arn: (name) => name },
  'AWS::Cognito::UserPoolClient': { name: 'ClientName', arn: (name) => name },
  'AWS::Cognito::UserPoolResourceServer': { name: 'Identifier', arn: (name) => name },
};

export const stackArn = (name: string): string =>
  `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${name}/local`;

/** CloudFormation's own parameters. */
export const pseudoParameters = (stackName: string): Readonly<Record<string, unknown>> => ({
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': stackName,
  'AWS::StackId': stackArn(stackName),
  'AWS::NoValue': undefined,
});
