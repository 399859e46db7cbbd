import { describe, expect, it } from 'vitest';
import { ofType, synthesized, type Template } from '../support/synthesized.ts';
import { shapeOf } from './shape.ts';

const changed = (change: (template: Template) => void): string => {
  const template = synthesized('prod');
  change(template);
  return shapeOf(template);
};

const first = (template: Template, type: string) => {
  const [[, found] = []] = ofType(template, type);
  if (found === undefined) throw new Error(`the template has no ${type}`);
  return found.Properties;
};

describe('the shape of the template', () => {
  it.each(['dev', 'prod'])(
    'is the recorded one in %s: record a wanted change with npm run template:record',
    async (stage) => {
      await expect(shapeOf(synthesized(stage))).toMatchFileSnapshot(`recorded/shape-${stage}.txt`);
    },
  );

  it.each([
    [
      'a scope',
      (t: Template) => (first(t, 'AWS::ApiGatewayV2::Route').AuthorizationScopes = ['sales/other']),
    ],
    ['a memory size', (t: Template) => (first(t, 'AWS::Lambda::Function').MemorySize = 128)],
    ['a batch size', (t: Template) => (first(t, 'AWS::Lambda::EventSourceMapping').BatchSize = 1)],
    [
      'an event that a rule lets through',
      (t: Template) => (first(t, 'AWS::Events::Rule').EventPattern = { 'detail-type': ['Other.v1'] }),
    ],
    ['an alarm’s threshold', (t: Template) => (first(t, 'AWS::CloudWatch::Alarm').Threshold = 99)],
    [
      'a permission',
      (t: Template) =>
        (first(t, 'AWS::IAM::Role').Policies = [
          { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'dynamodb:Scan', Resource: 'x' }] } },
        ]),
    ],
    ['a resource', (t: Template) => (t.Resources.More = { Type: 'AWS::SQS::Queue', Properties: {} })],
  ])('shows a change of %s', (_, change) => {
    expect(changed(change)).not.toBe(shapeOf(synthesized('prod')));
  });
});
