import { at, flat, listOf, logicalId, ofType, type Template } from '../support/synthesized.ts';

interface AlarmedMetric {
  readonly name: string;
  /** Flattened values of its dimensions. */
  readonly dimensions: readonly string[];
}

/** Every metric that an alarm with somebody to tell looks at, alone or in an expression. */
const alarmedMetrics = (template: Template): readonly AlarmedMetric[] =>
  ofType(template, 'AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) => listOf(Properties.AlarmActions).length > 0)
    .flatMap(([, { Properties }]) => [
      Properties,
      ...listOf(Properties.Metrics).map((entry) => at(entry, 'MetricStat', 'Metric')),
    ])
    .map((metric) => ({
      name: flat(at(metric, 'MetricName')),
      dimensions: listOf(at(metric, 'Dimensions')).map((dimension) => flat(at(dimension, 'Value'))),
    }));

const isAlarmed = (template: Template, metric: string, dimension: string): boolean =>
  alarmedMetrics(template).some(({ name, dimensions }) => name === metric && dimensions.includes(dimension));

/** The queue that a queue's failed messages go to. */
const redriveTarget = (template: Template, queue: string): string | undefined =>
  logicalId(at(template.Resources[queue]?.Properties, 'RedrivePolicy', 'deadLetterTargetArn'));

/** Whether the named queue's policy lets this rule send to it. */
const takesFrom = (template: Template, queue: string, rule: string): boolean =>
  ofType(template, 'AWS::SQS::QueuePolicy')
    .filter(([, { Properties }]) => listOf(Properties.Queues).map(logicalId).includes(queue))
    .flatMap(([, { Properties }]) => listOf(at(Properties, 'PolicyDocument', 'Statement')))
    .some(
      (statement) =>
        at(statement, 'Effect') === 'Allow' &&
        flat(at(statement, 'Principal', 'Service')) === 'events.amazonaws.com' &&
        flat(at(statement, 'Condition', 'ArnEquals', 'aws:SourceArn')) === `<${rule}.Arn>`,
    );

/** Queues without a dead-letter queue that are none themselves, and dead-letter queues that nobody hears of. */
export const looseQueues = (template: Template): readonly string[] => {
  const queues = ofType(template, 'AWS::SQS::Queue').map(([id]) => id);
  const deadLetterQueues = new Set(queues.map((id) => redriveTarget(template, id)));
  return queues.flatMap((id) => {
    if (!deadLetterQueues.has(id)) {
      const target = redriveTarget(template, id);
      return target !== undefined && queues.includes(target) ? [] : [`${id} has no dead-letter queue`];
    }
    return isAlarmed(template, 'ApproximateNumberOfMessagesVisible', `<${id}.QueueName>`)
      ? []
      : [`${id} fills without an alarm`];
  });
};

/** Mappings that lose what their function can't handle, or that fail without anyone hearing of it. */
export const looseMappings = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Lambda::EventSourceMapping').flatMap(([id, { Properties }]) => {
    const source = logicalId(Properties.EventSourceArn) ?? '';
    const fn = flat(Properties.FunctionName);
    const partial = listOf(Properties.FunctionResponseTypes).includes('ReportBatchItemFailures');
    const problems = partial ? [] : ['fails whole batches'];
    if (template.Resources[source]?.Type === 'AWS::SQS::Queue') {
      if (redriveTarget(template, source) === undefined)
        problems.push('has a queue without a dead-letter queue');
      if (!isAlarmed(template, 'ApproximateAgeOfOldestMessage', `<${source}.QueueName>`)) {
        problems.push('falls behind without an alarm');
      }
      const timeout = Number(at(template.Resources[logicalId(fn) ?? ''], 'Properties', 'Timeout'));
      const visibility = Number(at(template.Resources[source], 'Properties', 'VisibilityTimeout'));
      if (!(visibility >= 6 * timeout)) problems.push('shows messages again while they are worked on');
    } else {
      if (logicalId(at(Properties, 'DestinationConfig', 'OnFailure', 'Destination')) === undefined) {
        problems.push('has no failure destination');
      }
      // Beyond a day the stream has dropped the record, and there is nothing left to keep.
      const age = Number(Properties.MaximumRecordAgeInSeconds);
      if (!(age > 0 && age < 86_400)) problems.push('retries until the stream has dropped the records');
      if (Properties.BisectBatchOnFunctionError !== false || Properties.ParallelizationFactor !== 1) {
        problems.push('loses the order');
      }
      if (!isAlarmed(template, 'IteratorAge', fn)) problems.push('falls behind without an alarm');
    }
    return problems.map((problem) => `${id} ${problem}`);
  });

/** Rules with a target whose undeliverable events vanish, or go where the rule may not write or nobody looks. */
export const looseRules = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Events::Rule').flatMap(([id, { Properties }]) => {
    const targets = listOf(Properties.Targets);
    if (targets.length === 0) return [`${id} has no target`];
    return targets.flatMap((target) => {
      const end = logicalId(at(target, 'DeadLetterConfig', 'Arn'));
      if (end === undefined) return [`${id} drops what it can’t deliver`];
      const ways = [logicalId(at(target, 'Arn')) ?? '', end];
      return [
        ...ways
          .filter((queue) => !takesFrom(template, queue, id))
          .map((queue) => `${id} may not send to ${queue}`),
        ...(isAlarmed(template, 'ApproximateNumberOfMessagesVisible', `<${end}.QueueName>`)
          ? []
          : [`${id} drops events without an alarm`]),
      ];
    });
  });

/** Functions whose errors or throttles nobody hears of. */
export const unwatchedFunctions = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Lambda::Function').flatMap(([id]) =>
    ['Errors', 'Throttles']
      .filter((metric) => !isAlarmed(template, metric, `<${id}>`))
      .map((metric) => `${id} ${metric}`),
  );
