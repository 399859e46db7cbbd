/** Where everything lies locally; nobody checks, but names have to hold together. */
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
export const STACK_NAME = 'quotaline-local';

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
  'AWS::S3::Bucket': { name: 'BucketName', arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    arn: (name) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}`,
  },
  'AWS::Cognito::UserPool': {
    name: 'PoolId',
    arn: (name) => `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${name}`,
  },
  'AWS::Cognito::UserPoolClient': { name: 'ClientName', arn: (name) => name },
  'AWS::Cognito::UserPoolResourceServer': { name: 'Identifier', arn: (name) => name },
};

/** CloudFormation's own parameters. */
export const pseudoParameters: Readonly<Record<string, unknown>> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': STACK_NAME,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${STACK_NAME}/local`,
  'AWS::NoValue': undefined,
};
