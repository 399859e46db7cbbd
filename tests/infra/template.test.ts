import { describe, expect, it } from 'vitest';
import { functionEntries } from '../../infra/bundle.ts';
import { at, firstText, ofType, synthesized, synthesizedText } from '../support/synthesized.ts';

/**
 * How many of each kind the stack may come to, of the 500 resources that CloudFormation allows. Raise one knowingly:
 * the sum must stay below.
 */
const BUDGET: Readonly<Record<string, number>> = {
  'AWS::ApiGatewayV2::Api': 1,
  'AWS::ApiGatewayV2::Authorizer': 1,
  'AWS::ApiGatewayV2::Integration': 8,
  'AWS::ApiGatewayV2::Route': 165,
  'AWS::ApiGatewayV2::Stage': 1,
  'AWS::CloudWatch::Alarm': 70,
  'AWS::CloudWatch::Dashboard': 2,
  'AWS::Cognito::UserPool': 1,
  'AWS::Cognito::UserPoolClient': 6,
  'AWS::Cognito::UserPoolDomain': 1,
  'AWS::Cognito::UserPoolGroup': 3,
  'AWS::Cognito::UserPoolResourceServer': 1,
  'AWS::DynamoDB::Table': 4,
  'AWS::Events::Archive': 1,
  'AWS::Events::EventBus': 1,
  'AWS::Events::Rule': 18,
  'AWS::IAM::Role': 34,
  'AWS::Lambda::EventSourceMapping': 20,
  'AWS::Lambda::Function': 30,
  'AWS::Lambda::Permission': 10,
  'AWS::Logs::LogGroup': 31,
  'AWS::Logs::QueryDefinition': 5,
  'AWS::S3::Bucket': 1,
  'AWS::S3::BucketPolicy': 1,
  'AWS::Scheduler::Schedule': 3,
  'AWS::SES::ConfigurationSet': 1,
  'AWS::SES::EmailIdentity': 1,
  'AWS::SNS::Subscription': 1,
  'AWS::SNS::Topic': 1,
  'AWS::SNS::TopicPolicy': 1,
  'AWS::SQS::Queue': 32,
  'AWS::SQS::QueuePolicy': 32,
};

describe('the template', () => {
  it('has room in one stack, with a budget for each kind of resource', () => {
    const resources = Object.values(synthesized('prod').Resources);
    const counts = new Map<string, number>();
    for (const { Type } of resources) counts.set(Type, (counts.get(Type) ?? 0) + 1);
    const over = [...counts].filter(([type, count]) => count > (BUDGET[type] ?? 0));
    expect(over).toEqual([]);
    expect(resources.length).toBeLessThanOrEqual(500);
    expect(Object.values(BUDGET).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(500);
  });

  it('is the same, byte for byte, when made again', () => {
    expect(synthesizedText({ stage: 'prod' })).toBe(firstText('prod'));
  });

  it('names no region and no account', () => {
    const text = firstText();
    expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af)-(north|south|east|west|central)[a-z]*-\d\b/);
    expect(text).not.toMatch(/\b\d{12}\b/);
  });

  it('deploys every function there is, at a stage that has a canary', () => {
    const deployed = ofType(synthesized('prod'), 'AWS::Lambda::Function').map(
      ([, { Properties }]) => Properties.FunctionName,
    );
    expect(deployed.sort()).toEqual(
      [...functionEntries().keys()].map((name) => `quotaline-prod-${name}`).sort(),
    );
  });

  it('runs every function on one runtime and architecture, traced, with a log that ends', () => {
    for (const [id, { Properties }] of ofType(synthesized(), 'AWS::Lambda::Function')) {
      expect(Properties, id).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
      });
      expect(at(Properties, 'LoggingConfig', 'LogGroup'), id).toBeDefined();
    }
    for (const [id, { Properties }] of ofType(synthesized(), 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays, id).toBe(14);
    }
  });

  it('tells what one needs to call it', () => {
    expect(Object.keys(synthesized().Outputs)).toEqual(
      expect.arrayContaining([
        'ApiUrl',
        'TokenUrl',
        'UserPoolId',
        'PeopleClientId',
        'BusName',
        'ClientIdoperations',
      ]),
    );
  });
});
