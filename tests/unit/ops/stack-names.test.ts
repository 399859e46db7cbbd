import { describe, expect, it } from 'vitest';
import { StackNames } from '../../../infra/ops/stack-names.ts';

const resource = (type: string, physicalId: string) => ({ logicalId: 'Any', type, physicalId });
const queue = (name: string) =>
  resource('AWS::SQS::Queue', `https://sqs.eu-central-1.amazonaws.com/1/${name}`);

const names = new StackNames('quotaline-dev', [
  resource('AWS::DynamoDB::Table', 'quotaline-dev-metrics'),
  resource('AWS::DynamoDB::Table', 'quotaline-dev-deals'),
  resource('AWS::Lambda::Function', 'quotaline-dev-metrics-facts'),
  resource('AWS::Lambda::Function', 'quotaline-dev-platform'),
  resource('AWS::Lambda::Function', 'quotaline-dev-CustomS3AutoDelete-AbC'),
  queue('quotaline-dev-metrics-facts'),
  queue('quotaline-dev-metrics-facts-dead-letters'),
  resource('AWS::SES::EmailIdentity', 'acme.com'),
]);

describe('the names of a stack', () => {
  it('are found by service', () => {
    expect(names.services).toEqual(['deals', 'metrics']);
    expect(names.table('deals')).toBe('quotaline-dev-deals');
    expect(names.functions.map(({ unit, service }) => [unit, service])).toEqual([
      ['metrics-facts', 'metrics'],
      ['platform', undefined],
    ]);
    expect(names.mailIdentity).toBe('acme.com');
  });
  it.each(['metrics-facts', 'quotaline-dev-metrics-facts', 'metrics-facts-dead-letters'])(
    'take a queue as %s',
    (given) => {
      expect(names.subscription(given)).toMatchObject({
        unit: 'metrics-facts',
        service: 'metrics',
        rule: 'quotaline-dev-metrics-facts',
        deadLetters: { name: 'quotaline-dev-metrics-facts-dead-letters' },
      });
    },
  );
  it('say which there are when one is not known', () => {
    expect(() => names.subscription('metrics-fact')).toThrow(
      /did you mean metrics-facts\? Known here: metrics-facts\./,
    );
    expect(() => names.service('sales')).toThrow('There is no service “sales”. Known here: deals, metrics.');
  });
});
