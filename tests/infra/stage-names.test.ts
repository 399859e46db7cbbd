import { describe, expect, it } from 'vitest';
import { flat, ownAddresses, synthesizedTemplate, type Template } from '../support/synthesized.ts';

/** Their names need be unlike only within what they belong to: a user pool, an API, a role. */
const NAMED_WITHIN_ANOTHER = [
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolGroup',
  'AWS::Cognito::UserPoolResourceServer',
];
/** Names of what a resource looks at, not of itself. */
const NOT_ITS_OWN = ['MetricName'];
const NAMES_BY_ANOTHER_WORD = ['Domain', 'EmailIdentity'];

/** Every name that the stack gives to something in the account, by type and property. */
const names = ({ Resources }: Template): readonly string[] =>
  Object.values(Resources).flatMap(({ Type, Properties }) =>
    NAMED_WITHIN_ANOTHER.includes(Type)
      ? []
      : Object.entries(Properties)
          .filter(([key]) => key.endsWith('Name') || NAMES_BY_ANOTHER_WORD.includes(key))
          .filter(([key]) => !NOT_ITS_OWN.includes(key))
          .map(([key, value]) => [Type, key, flat(value)] as const)
          // What starts with a reference is named by what it refers to.
          .filter(([, , name]) => !name.startsWith('<'))
          .map((parts) => parts.join(' ')),
  );

const stages = {
  dev: synthesizedTemplate({ stage: 'dev', mailFrom: 'me@acme.com', canary: '5' }),
  staging: synthesizedTemplate({ stage: 'staging', ...ownAddresses, mailIdentity: 'existing' }),
  prod: synthesizedTemplate({ stage: 'prod', ...ownAddresses }),
};

const shared = (one: Template, other: Template) => names(one).filter((name) => names(other).includes(name));

describe('stages in one account and region', () => {
  it.each([
    ['dev', 'staging'],
    ['dev', 'prod'],
    ['staging', 'prod'],
  ] as const)('%s and %s name nothing alike', (one, other) => {
    expect(shared(stages[one], stages[other])).toEqual([]);
  });

  it('give most of what they have a name that says the stage', () => {
    const given = names(stages.prod);
    expect(given.filter((name) => name.includes('quotaline-prod')).length).toBeGreaterThan(80);
    expect(given.filter((name) => !name.includes('quotaline-prod'))).toEqual([
      'AWS::SES::EmailIdentity EmailIdentity acme.com',
    ]);
  });

  it('would both make the sender’s domain, did one of them not say that it exists', () => {
    const staging = synthesizedTemplate({ stage: 'staging', ...ownAddresses });
    expect(shared(staging, stages.prod)).toEqual(['AWS::SES::EmailIdentity EmailIdentity acme.com']);
  });
});
