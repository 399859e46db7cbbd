import { describe, expect, it } from 'vitest';
import { ofType, synthesized, type Resource, type Template } from '../support/synthesized.ts';
import { looseMappings, looseQueues, looseRules, unwatchedFunctions } from './dead-ends.ts';

const first = (
  template: Template,
  type: string,
  which: (resource: Resource) => boolean = () => true,
): Resource => {
  const found = ofType(template, type).find(([, resource]) => which(resource));
  if (found === undefined) throw new Error(`the template has no such ${type}`);
  return found[1];
};

const has = (property: string) => (resource: Resource) => resource.Properties[property] !== undefined;

/** The template with one thing changed. */
const changed = (change: (template: Template) => void): Template => {
  const template = synthesized();
  change(template);
  return template;
};

const removeAlarms = (template: Template, metric: string): void => {
  for (const [id, resource] of ofType(template, 'AWS::CloudWatch::Alarm')) {
    if (JSON.stringify(resource).includes(`"MetricName":"${metric}"`))
      Reflect.deleteProperty(template.Resources, id);
  }
};

describe.each(['dev', 'prod'])('the ends of every way in %s', (stage) => {
  it('gives every queue a dead-letter queue, and every dead-letter queue an alarm', () => {
    expect(ofType(synthesized(stage), 'AWS::SQS::Queue').length).toBeGreaterThan(0);
    expect(looseQueues(synthesized(stage))).toEqual([]);
  });

  it('keeps what the function of a mapping can’t handle', () => {
    expect(ofType(synthesized(stage), 'AWS::Lambda::EventSourceMapping').length).toBeGreaterThan(4);
    expect(looseMappings(synthesized(stage))).toEqual([]);
  });

  it('keeps what a rule can’t deliver', () => {
    expect(ofType(synthesized(stage), 'AWS::Events::Rule').length).toBeGreaterThan(0);
    expect(looseRules(synthesized(stage))).toEqual([]);
  });

  it('tells somebody of the errors and throttles of every function', () => {
    expect(unwatchedFunctions(synthesized(stage))).toEqual([]);
  });
});

describe('a loose end', () => {
  it('is noticed where a queue loses its dead-letter queue', () => {
    const template = changed((t) => {
      delete first(t, 'AWS::SQS::Queue', has('RedrivePolicy')).Properties.RedrivePolicy;
    });
    expect(looseQueues(template)).not.toEqual([]);
    expect(looseMappings(template)).not.toEqual([]);
  });

  it('is noticed where dead-letter queues lose their alarms', () => {
    const template = changed((t) => {
      removeAlarms(t, 'ApproximateNumberOfMessagesVisible');
    });
    expect(looseQueues(template)).not.toEqual([]);
    expect(looseRules(template)).not.toEqual([]);
  });

  it('is noticed where an alarm tells nobody', () => {
    const template = changed((t) => {
      for (const [, alarm] of ofType(t, 'AWS::CloudWatch::Alarm')) delete alarm.Properties.AlarmActions;
    });
    expect(looseQueues(template)).not.toEqual([]);
    expect(unwatchedFunctions(template)).not.toEqual([]);
  });

  it.each([
    ['its failure destination', (mapping: Resource) => delete mapping.Properties.DestinationConfig],
    ['its bound of age', (mapping: Resource) => delete mapping.Properties.MaximumRecordAgeInSeconds],
    ['its partial answers', (mapping: Resource) => delete mapping.Properties.FunctionResponseTypes],
    ['its order', (mapping: Resource) => (mapping.Properties.BisectBatchOnFunctionError = true)],
  ])('is noticed where a stream mapping loses %s', (_, change) => {
    const template = changed((t) => {
      change(first(t, 'AWS::Lambda::EventSourceMapping', has('DestinationConfig')));
    });
    expect(looseMappings(template)).toHaveLength(1);
  });

  it.each(['IteratorAge', 'ApproximateAgeOfOldestMessage'])(
    'is noticed where nobody watches %s',
    (metric) => {
      const template = changed((t) => {
        removeAlarms(t, metric);
      });
      expect(looseMappings(template)).not.toEqual([]);
    },
  );

  it('is noticed where a queue shows messages again too early', () => {
    const template = changed((t) => {
      first(t, 'AWS::SQS::Queue', has('RedrivePolicy')).Properties.VisibilityTimeout = 30;
    });
    expect(looseMappings(template)).toHaveLength(1);
  });

  it('is noticed where a rule’s target has no dead-letter end', () => {
    const template = changed((t) => {
      const { Properties } = first(t, 'AWS::Events::Rule');
      Properties.Targets = [{ Id: 'Target0', Arn: { 'Fn::GetAtt': ['Elsewhere', 'Arn'] } }];
    });
    expect(looseRules(template)).toHaveLength(1);
  });

  it('is noticed where a queue takes nothing from its rule', () => {
    const template = changed((t) => {
      for (const [id] of ofType(t, 'AWS::SQS::QueuePolicy').slice(0, 1))
        Reflect.deleteProperty(t.Resources, id);
    });
    expect(looseRules(template)).not.toEqual([]);
  });

  it('is noticed where nobody watches a function', () => {
    const template = changed((t) => {
      removeAlarms(t, 'Throttles');
    });
    expect(unwatchedFunctions(template)).not.toEqual([]);
  });
});
