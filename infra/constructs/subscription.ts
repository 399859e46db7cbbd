import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus as Bus, type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventPattern, type Subscription as Declaration } from '../../shared/events/subscription.ts';
import { named, type StageConfig } from '../stage.ts';
import type { Alarms } from './alarms.ts';
import type { EventBus } from './event-bus.ts';
import type { ServiceFunction } from './service-function.ts';

interface SubscriptionProps {
  readonly stage: StageConfig;
  readonly declaration: Declaration;
  readonly bus: EventBus;
  readonly consumer: ServiceFunction;
  readonly alarms: Alarms;
}

/** EventBridge's limit. */
const RULE_NAME_LENGTH = 64;

/** Named, so that a replay can be told whom to deliver to. */
const ruleNameOf = (stage: StageConfig, unit: string): string => {
  const name = named(stage, unit);
  if (name.length > RULE_NAME_LENGTH) {
    throw new Error(
      `${name}, the rule of ${unit}, is longer than ${String(RULE_NAME_LENGTH)} characters: shorten the subscription’s name`,
    );
  }
  return name;
};

const patternOf = (declaration: Declaration): EventPattern => {
  if (declaration.partnerSources !== undefined) return { source: Match.prefix(declaration.partnerSources) };
  const { source, 'detail-type': detailType, detail } = eventPattern(declaration);
  return { source, detailType, ...(detail && { detail }) };
};

/**
 * Events on their way to a consumer: rule → queue → function in batches. What the rule can't deliver and what the
 * function can't handle both end in the one dead-letter queue, which raises an alarm.
 */
export class Subscription extends Construct {
  /** `metrics-facts` */
  readonly unit: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #busName: string;
  readonly #ruleName: string;

  constructor(
    scope: Construct,
    id: string,
    { stage, declaration, bus, consumer, alarms }: SubscriptionProps,
  ) {
    super(scope, id);
    const unit = `${declaration.service}-${declaration.name}`;
    this.unit = unit;
    // Lambda holds a batch while it waits for concurrency: six times its timeout is what AWS asks for.
    const visibility = Math.max(declaration.visibilityTimeoutSeconds, 6 * consumer.timeout.toSeconds());
    const settings = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: stage.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    const deadLetters = new Queue(this, 'DeadLetters', {
      ...settings,
      queueName: named(stage, unit, 'dead-letters'),
      retentionPeriod: Duration.days(14),
    });
    Validations.of(deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is a dead-letter queue itself: people look at it, not functions.',
    });
    const queue = new Queue(this, 'Queue', {
      ...settings,
      queueName: named(stage, unit),
      visibilityTimeout: Duration.seconds(visibility),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: declaration.maxReceiveCount },
    });
    this.queue = queue;
    this.deadLetters = deadLetters;
    this.#busName = bus.bus.eventBusName;
    this.#ruleName = ruleNameOf(stage, unit);
    const rule = {
      description: `To ${unit}`,
      eventPattern: patternOf(declaration),
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    };
    new Rule(this, 'Rule', { ...rule, ruleName: this.#ruleName, eventBus: bus.bus });
    // A partner's events come on a bus of the partner's, or on ours, where a rule of its owner hands them on.
    if (declaration.partnerSources !== undefined)
      for (const [index, name] of stage.partnerBuses.entries())
        new Rule(this, `PartnerRule${String(index)}`, {
          ...rule,
          ruleName: ruleNameOf(stage, `${unit}-${String(index + 1)}`),
          eventBus: Bus.fromEventBusName(this, `PartnerBus${String(index)}`, name),
        });
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: consumer.lambda,
      eventSourceArn: queue.queueArn,
      batchSize: declaration.batchSize,
      maxBatchingWindow: Duration.seconds(declaration.batchWindowSeconds),
      maxConcurrency: declaration.maxConcurrency,
      reportBatchItemFailures: true,
    });
    consumer.may(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      [queue.queueArn],
    );
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'A queue’s failed messages go to the queue’s own dead-letter queue.',
    });

    alarms.raise(this, 'DeadLettered', {
      name: `${unit}-dead-letters`,
      says: `${unit} could not handle a message. Read it in the dead-letter queue, correct the cause, then redrive it.`,
      runbook: 'dead-letters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      above: 0,
    });
    alarms.raise(this, 'Waiting', {
      name: `${unit}-waiting`,
      says: `Messages wait longer for ${unit} than a retry takes. Look into its errors and throttles.`,
      runbook: 'waiting',
      metric: queue.metricApproximateAgeOfOldestMessage({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      above: 2 * visibility,
      periods: 3,
    });
  }

  /** Events that the rule could bring neither to the queue nor to its dead letters. */
  lost(): Metric {
    return new Metric({
      namespace: 'AWS/Events',
      metricName: 'InvocationsFailedToBeSentToDlq',
      dimensionsMap: { EventBusName: this.#busName, RuleName: this.#ruleName },
      statistic: 'Sum',
      period: Duration.minutes(1),
    });
  }
}
