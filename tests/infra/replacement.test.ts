import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { synthesized, type Resource } from '../support/synthesized.ts';
import { losses, replacementPlan, type Resources, statefulOf } from './replacement.ts';

const Recorded = z.record(
  z.string(),
  z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) }),
);

/** The stateful resources as they were when a change of them was last recorded. */
const recorded: Resources = Recorded.parse(
  JSON.parse(readFileSync(new URL('recorded/stateful-prod.json', import.meta.url), 'utf8')),
);
const now = statefulOf(synthesized('prod'));

const first = (type: string): [string, Resource] => {
  const found = Object.entries(recorded).find(([, { Type }]) => Type === type);
  if (found === undefined) throw new Error(`nothing of type ${type} is recorded`);
  return found;
};

const withProperty = (type: string, property: string, value: unknown): Resources => {
  const [id, resource] = first(type);
  return { ...recorded, [id]: { ...resource, Properties: { ...resource.Properties, [property]: value } } };
};

describe('a deployment over what runs today', () => {
  it('replaces and removes nothing that holds data, users, messages or history', () => {
    expect(losses(recorded, now)).toEqual([]);
  });

  it('knows every stateful resource there is: record a new one with npm run template:record', () => {
    expect(Object.keys(now)).toEqual(Object.keys(recorded));
  });

  it('keeps in prod what a replacement would leave behind', () => {
    const unprotected = Object.entries(now)
      .filter(([, { Type }]) =>
        [
          'AWS::DynamoDB::Table',
          'AWS::Cognito::UserPool',
          'AWS::Events::EventBus',
          'AWS::S3::Bucket',
        ].includes(Type),
      )
      .filter(([, { UpdateReplacePolicy }]) => UpdateReplacePolicy !== 'Retain');
    expect(unprotected).toEqual([]);
  });

  it('goes by a plan that says of each resource what would replace it, and what then', async () => {
    await expect(replacementPlan(now)).toMatchFileSnapshot('recorded/replacement-plan-prod.txt');
  });
});

describe('a change that loses something', () => {
  it.each([
    ['a table that is renamed', 'AWS::DynamoDB::Table', 'TableName', 'quotaline-prod-sales'],
    [
      'a table with another key',
      'AWS::DynamoDB::Table',
      'KeySchema',
      [{ AttributeName: 'id', KeyType: 'HASH' }],
    ],
    ['a bus that is renamed', 'AWS::Events::EventBus', 'Name', 'quotaline-production'],
    ['a queue that is renamed', 'AWS::SQS::Queue', 'QueueName', 'other'],
  ])('is noticed: %s', (_, type, property, value) => {
    expect(losses(recorded, withProperty(type, property, value))).toContainEqual(
      expect.stringMatching(new RegExp(`^${first(type)[0]}: (WILL|MAY)_REPLACE by ${property}`)),
    );
  });

  it('is noticed: a table that is gone, or has another logical id', () => {
    const [id, table] = first('AWS::DynamoDB::Table');
    const without = Object.fromEntries(Object.entries(recorded).filter(([each]) => each !== id));
    expect(losses(recorded, without)).toEqual([expect.stringContaining(id)]);
    expect(losses(recorded, { ...without, Renamed: table })).toEqual([expect.stringContaining(id)]);
  });

  it('is told apart from one that loses nothing', () => {
    expect(losses(recorded, withProperty('AWS::SQS::Queue', 'VisibilityTimeout', 999))).toEqual([]);
  });
});
