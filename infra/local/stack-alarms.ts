import * as z from 'zod';
import { ACCOUNT, REGION } from './local-names.ts';
import { NotRunLocally } from './not-run-locally.ts';
import { reader } from './read-properties.ts';
import type { Resource } from './template.ts';
import { metricMath, UnknownMath } from './watch/metric-math.ts';
import { isStatistic, type MetricId, type Statistic } from './watch/metric.ts';

export const COMPARISONS = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
const TREATMENTS = ['missing', 'notBreaching', 'breaching', 'ignore'] as const;

export interface AlarmSpec {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly metrics: readonly { readonly metric: MetricId; readonly statistic: Statistic }[];
  /** Metric math over all the metrics; undefined of a single metric. */
  readonly expression?: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: (typeof COMPARISONS)[number];
  readonly missingData: (typeof TREATMENTS)[number];
}

const Stat = z.string().refine(isStatistic, 'the local run keeps no percentiles');
const Dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);

const MetricStat = z.object({
  Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions }),
  Period: z.coerce.number(),
  Stat,
});

const read = reader(
  'AWS::CloudWatch::Alarm',
  {
    AlarmName: z.string(),
    AlarmDescription: z.string().default(''),
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions,
    Statistic: Stat.optional(),
    Period: z.coerce.number().optional(),
    Metrics: z
      .array(
        z.object({
          Id: z.string(),
          Expression: z.string().optional(),
          MetricStat: MetricStat.optional(),
          ReturnData: z.boolean().default(true),
        }),
      )
      .optional(),
    EvaluationPeriods: z.coerce.number(),
    DatapointsToAlarm: z.coerce.number().optional(),
    Threshold: z.coerce.number(),
    ComparisonOperator: z.enum(COMPARISONS),
    TreatMissingData: z.enum(TREATMENTS).default('missing'),
  },
  ['ActionsEnabled', 'AlarmActions', 'InsufficientDataActions', 'OKActions', 'Tags', 'Unit'],
);
type Properties = ReturnType<typeof read>[number]['properties'];

const dimensionsOf = (dimensions: z.infer<typeof Dimensions>): MetricId['dimensions'] =>
  Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));

type Measured = Pick<AlarmSpec, 'metrics' | 'expression' | 'periodSeconds'>;

const oneMetric = (properties: Properties): Measured | string => {
  const { Namespace, MetricName, Dimensions: dimensions, Statistic, Period } = properties;
  if (Namespace === undefined || MetricName === undefined || Statistic === undefined || Period === undefined)
    return 'has neither Metrics nor Namespace, MetricName, Statistic and Period';
  const metric = { namespace: Namespace, name: MetricName, dimensions: dimensionsOf(dimensions) };
  return { metrics: [{ metric, statistic: Statistic }], periodSeconds: Period };
};

const manyMetrics = (queries: NonNullable<Properties['Metrics']>): Measured | string => {
  const stats = queries.flatMap(({ MetricStat: stat }) => stat ?? []);
  const [returned, ...more] = queries.filter(({ ReturnData }) => ReturnData);
  const periods = new Set(stats.map(({ Period }) => Period));
  const [periodSeconds] = periods;
  if (returned === undefined || more.length > 0) return 'returns none or several of its metrics';
  if (periodSeconds === undefined || periods.size > 1) return 'has metrics of different periods, or none';
  const expressions = queries.flatMap(({ Expression }) => Expression ?? []);
  if (expressions.length > 1) return 'builds an expression on another one';
  if (returned.Expression === undefined) {
    return stats.length === 1
      ? { metrics: measured(stats), periodSeconds }
      : 'has metrics that it does not use';
  }
  try {
    metricMath(returned.Expression);
  } catch (error) {
    if (error instanceof UnknownMath) return error.message;
    throw error;
  }
  return { metrics: measured(stats), expression: returned.Expression, periodSeconds };
};

const measured = (stats: readonly z.infer<typeof MetricStat>[]): AlarmSpec['metrics'] =>
  stats.map(({ Metric, Stat: statistic }) => ({
    metric: {
      namespace: Metric.Namespace,
      name: Metric.MetricName,
      dimensions: dimensionsOf(Metric.Dimensions),
    },
    statistic,
  }));

/** The template's alarms. Throws NotRunLocally when one can't be evaluated here. */
export const readAlarms = (resources: readonly Resource[]): readonly AlarmSpec[] =>
  read(resources).map(({ id, properties }) => {
    const found = properties.Metrics === undefined ? oneMetric(properties) : manyMetrics(properties.Metrics);
    if (typeof found === 'string') throw new NotRunLocally(`AWS::CloudWatch::Alarm ${id}: ${found}`);
    if (found.periodSeconds % 60 !== 0)
      throw new NotRunLocally(`AWS::CloudWatch::Alarm ${id}: the local run keeps whole minutes`);
    return {
      ...found,
      name: properties.AlarmName,
      arn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${properties.AlarmName}`,
      description: properties.AlarmDescription,
      evaluationPeriods: properties.EvaluationPeriods,
      datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
      threshold: properties.Threshold,
      comparison: properties.ComparisonOperator,
      missingData: properties.TreatMissingData,
    };
  });
