import { Aws, Duration, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Runbook } from '../runbooks.ts';
import { named, type StageConfig } from '../stage.ts';
import type { ServiceFunction } from './service-function.ts';

/** What is too much, or too little. */
type Bound =
  /** No figures mean that all is well. */
  | { readonly above: number; readonly below?: undefined }
  /** No figures mean that nothing is well. */
  | { readonly below: number; readonly above?: undefined };

type AlarmProps = Bound & {
  /** What comes after `quotaline-<stage>-` in its name. */
  readonly name: string;
  /** What is wrong, and what to do first. */
  readonly says: string;
  /** What to do step by step; the description ends with its link. */
  readonly runbook: Runbook;
  readonly metric: IMetric;
  /** For how many of the metric's periods on end; 1 unless given. */
  readonly periods?: number;
};

const METRICS_PER_ALARM = 10;

/** Several metrics as one, by the minute: one alarm for all of them. */
export const sumOf = (label: string, metrics: readonly IMetric[]): MathExpression => {
  if (metrics.length > METRICS_PER_ALARM) throw new Error(`Split ${label}: an alarm holds ten metrics`);
  return new MathExpression({
    expression: 'SUM(METRICS())',
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`m${String(index)}`, metric])),
    label,
    period: Duration.minutes(1),
  });
};

/** The one place that alarms go to. Every construct that can fail takes it, and raises alarms of its own. */
export class Alarms extends Construct {
  readonly #stage: StageConfig;
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, stage: StageConfig) {
    super(scope, id);
    this.#stage = stage;
    this.#topic = new Topic(this, 'Topic', { topicName: named(stage, 'alarms'), enforceSSL: true });
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    this.#topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    Validations.of(this.#topic).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'SNS retries mail for hours, and a lost alarm could only be told of by the same way.',
    });
  }

  /** Raises an alarm in `scope` while the metric is out of its bound. */
  raise(
    scope: Construct,
    id: string,
    { name, says, runbook, metric, periods = 1, ...bound }: AlarmProps,
  ): Alarm {
    const alarm = new Alarm(scope, id, {
      alarmName: named(this.#stage, name),
      alarmDescription: `${says} Runbook: ${this.#stage.runbookUrl}/${runbook}.md`,
      metric,
      evaluationPeriods: periods,
      ...(bound.above === undefined
        ? {
            threshold: bound.below,
            comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
            treatMissingData: TreatMissingData.BREACHING,
          }
        : {
            threshold: bound.above,
            comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
            treatMissingData: TreatMissingData.NOT_BREACHING,
          }),
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
    return alarm;
  }

  /** One alarm on the errors and one on the throttles of all these functions together, after so many failing minutes on end. */
  watch(scope: Construct, unit: string, functions: readonly ServiceFunction[], minutes = 3): void {
    const together = (metric: (fn: ServiceFunction) => IMetric) => sumOf(unit, functions.map(metric));
    const period = { period: Duration.minutes(1), statistic: 'Sum' };
    this.raise(scope, 'Errors', {
      name: `${unit}-errors`,
      says: `Functions of ${unit} fail. Look into their log groups, /aws/lambda/${named(this.#stage, unit)}….`,
      runbook: 'errors',
      metric: together((fn) => fn.lambda.metricErrors(period)),
      above: 0,
      periods: minutes,
    });
    this.raise(scope, 'Throttles', {
      name: `${unit}-throttles`,
      says: `Functions of ${unit} are refused for lack of concurrency. Raise the account’s limit.`,
      runbook: 'throttles',
      metric: together((fn) => fn.lambda.metricThrottles(period)),
      above: 0,
      periods: minutes,
    });
  }
}
