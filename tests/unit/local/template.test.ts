import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readStack } from '../../../infra/local/stack.ts';
import { NotRunLocally } from '../../../infra/local/not-run-locally.ts';
import { Template } from '../../../infra/local/template.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const template = (resources: object): Template => {
  const folder = mkdtempSync(join(tmpdir(), 'quotaline-template-'));
  folders.push(folder);
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'stack.json' } };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts: { stack } }));
  writeFileSync(join(folder, 'stack.assets.json'), JSON.stringify({ files: {} }));
  writeFileSync(join(folder, 'stack.json'), JSON.stringify({ Resources: resources }));
  return Template.read(folder, 'http://localhost:3000');
};

const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'facts' } };

describe('the template', () => {
  test('resolves references, attributes, joins and substitutions to local names', () => {
    const [, resolved] = template({
      Queue: queue,
      Any: {
        Type: 'AWS::IAM::Role',
        Properties: {
          url: { Ref: 'Queue' },
          arn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          joined: { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] },
          substituted: { 'Fn::Sub': ['${name}/${Queue.QueueName}/${!literal}', { name: 'x' }] },
          selected: { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b'] }] },
          absent: { Ref: 'AWS::NoValue' },
        },
      },
    }).resources();
    expect(resolved?.properties).toEqual({
      url: 'https://sqs.us-east-1.amazonaws.com/000000000000/facts',
      arn: 'arn:aws:sqs:us-east-1:000000000000:facts',
      joined: 'a-us-east-1',
      substituted: 'x/facts/${literal}',
      selected: 'b',
    });
  });

  test('puts this run in the place of the API’s own domain', () => {
    const resources = template({
      Domain: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: { DomainName: 'api.sales.acme.com' } },
      Any: {
        Type: 'AWS::IAM::Role',
        Properties: { url: { 'Fn::Join': ['', ['https://', { Ref: 'Domain' }]] } },
      },
    }).resources();
    expect(resources.find(({ id }) => id === 'Any')?.properties).toEqual({ url: 'http://localhost:3000' });
  });

  test('puts this run in the place of the deployed API', () => {
    const [resolved] = template({
      Any: {
        Type: 'AWS::IAM::Role',
        Properties: {
          url: {
            'Fn::Join': [
              '',
              ['https://', 'abc123', '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/x'],
            ],
          },
        },
      },
    }).resources();
    expect(resolved?.properties).toEqual({ url: 'http://localhost:3000/x' });
  });

  test('is refused with a resource type that nobody has thought of, by name', () => {
    expect(() =>
      readStack(template({ Queue: queue, Flow: { Type: 'AWS::StepFunctions::StateMachine' } })),
    ).toThrow(/AWS::StepFunctions::StateMachine \(Flow\)/);
  });

  test('is refused with a property that would make a difference', () => {
    const fifo = { ...queue, Properties: { ...queue.Properties, FifoQueue: true } };
    expect(() => readStack(template({ Queue: fifo }))).toThrow(
      new NotRunLocally('AWS::SQS::Queue Queue: the local run does not interpret FifoQueue'),
    );
  });

  test('is refused with an intrinsic function that is not resolved', () => {
    const imported = { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::ImportValue': 'x' } } };
    expect(() => template({ Queue: imported }).resources()).toThrow(/Fn::ImportValue/);
  });
});
