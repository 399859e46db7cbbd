import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Serve } from '../local-http.ts';
import type { AlarmStatus } from '../watch/alarms.ts';
import { metricMath, UnknownMath, type Series } from '../watch/metric-math.ts';
import { isStatistic, PERIOD_MS, single, type MetricId, type StatisticSet } from '../watch/metric.ts';
import type { Watch } from '../watch/watch.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';
import { awsJson } from './aws-json.ts';

/** As the SDK sends it: seconds since the epoch. */
const Time = z.number().transform((seconds) => seconds * 1000);
const Dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const Stat = z
  .string()
  .refine(isStatistic, 'the local run keeps Sum, Average, Minimum, Maximum and SampleCount');
const Period = z
  .int()
  .refine((seconds) => seconds > 0 && seconds % 60 === 0, 'the local run keeps whole minutes');

const DescribeAlarms = z.object({
  AlarmNames: z.array(z.string()).optional(),
  AlarmNamePrefix: z.string().default(''),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
});

const GetMetricData = z.object({
  MetricDataQueries: z.array(
    z.object({
      Id: z.string(),
      Label: z.string().optional(),
      ReturnData: z.boolean().default(true),
      Expression: z.string().optional(),
      Period: Period.optional(),
      MetricStat: z
        .object({
          Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions }),
          Period,
          Stat,
        })
        .optional(),
    }),
  ),
  StartTime: Time,
  EndTime: Time,
  ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).default('TimestampDescending'),
});
type MetricData = z.infer<typeof GetMetricData>;
type Query = MetricData['MetricDataQueries'][number];

const GetMetricStatistics = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions,
  StartTime: Time,
  EndTime: Time,
  Period,
  Statistics: z.array(Stat).min(1),
});

const Datum = z.object({
  MetricName: z.string(),
  Dimensions,
  Timestamp: Time.optional(),
  Value: z.number().optional(),
  Values: z.array(z.number()).optional(),
  Counts: z.array(z.number()).optional(),
  StatisticValues: z
    .object({ SampleCount: z.number(), Sum: z.number(), Minimum: z.number(), Maximum: z.number() })
    .optional(),
});
const PutMetricData = z.object({ Namespace: z.string(), MetricData: z.array(Datum).default([]) });

const metricId = (namespace: string, name: string, dimensions: z.infer<typeof Dimensions>): MetricId => ({
  namespace,
  name,
  dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
});

const awsDimensions = ({ dimensions }: MetricId) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

const awsMetric = (spec: AlarmStatus['spec']) => {
  const [first] = spec.metrics;
  if (spec.expression === undefined && first !== undefined) {
    return {
      Namespace: first.metric.namespace,
      MetricName: first.metric.name,
      Dimensions: awsDimensions(first.metric),
      Statistic: first.statistic,
      Period: spec.periodSeconds,
    };
  }
  const metrics = spec.metrics.map(({ metric, statistic }, index) => ({
    Id: `m${String(index)}`,
    MetricStat: {
      Metric: { Namespace: metric.namespace, MetricName: metric.name, Dimensions: awsDimensions(metric) },
      Period: spec.periodSeconds,
      Stat: statistic,
    },
    ReturnData: false,
  }));
  return { Metrics: [{ Id: 'expression', Expression: spec.expression, ReturnData: true }, ...metrics] };
};

const awsAlarm = ({ spec, state, reason, since, updated }: AlarmStatus) => ({
  AlarmName: spec.name,
  AlarmArn: spec.arn,
  AlarmDescription: spec.description,
  StateValue: state,
  StateReason: reason,
  StateUpdatedTimestamp: updated / 1000,
  StateTransitionedTimestamp: since / 1000,
  EvaluationPeriods: spec.evaluationPeriods,
  DatapointsToAlarm: spec.datapointsToAlarm,
  Threshold: spec.threshold,
  ComparisonOperator: spec.comparison,
  TreatMissingData: spec.missingData,
  ...awsMetric(spec),
});

/** The starts of all periods from the one that `from` lies in until before `to`. */
const periodsOf = (from: number, to: number, period: number): readonly number[] => {
  const first = Math.floor(from / period) * period;
  return Array.from(
    { length: Math.max(0, Math.ceil((to - first) / period)) },
    (_, at) => first + at * period,
  );
};

/** CloudWatch: alarms to read, metrics to read and to add to. */
export class CloudWatch {
  readonly #watch: Watch;
  readonly #clock: { now(): number };

  constructor(watch: Watch, clock: { now(): number }) {
    this.#watch = watch;
    this.#clock = clock;
  }

  /** The SDK compresses what it puts, when it is long. */
  readonly serve: Serve = (request) =>
    awsJson(this.#call)(
      request.headers['content-encoding'] === 'gzip'
        ? { ...request, body: gunzipSync(request.body) }
        : request,
    );

  readonly #call = (operation: string, input: unknown): unknown => {
    switch (operation) {
      case 'DescribeAlarms':
        return this.#describe(DescribeAlarms.parse(input));
      case 'GetMetricData':
        return this.#data(GetMetricData.parse(input));
      case 'GetMetricStatistics':
        return this.#statistics(GetMetricStatistics.parse(input));
      case 'PutMetricData':
        return this.#put(PutMetricData.parse(input));
      default:
        throw noSuchOperation('CloudWatch', operation);
    }
  };

  #describe({ AlarmNames, AlarmNamePrefix, StateValue }: z.infer<typeof DescribeAlarms>): unknown {
    this.#watch.catchUp();
    const found = this.#watch.alarms
      .statuses()
      .filter(
        ({ spec, state }) =>
          (AlarmNames === undefined || AlarmNames.includes(spec.name)) &&
          spec.name.startsWith(AlarmNamePrefix) &&
          (StateValue === undefined || StateValue === state),
      );
    return { MetricAlarms: found.map(awsAlarm), CompositeAlarms: [] };
  }

  #data({ MetricDataQueries, StartTime, EndTime, ScanBy }: MetricData): unknown {
    this.#watch.upToDate();
    const stats = MetricDataQueries.flatMap(({ MetricStat: stat }) => stat ?? []);
    const shortest = Math.min(...stats.map(({ Period: seconds }) => seconds));
    const results = MetricDataQueries.filter(({ ReturnData }) => ReturnData).map((query) => {
      const period = (query.MetricStat?.Period ?? query.Period ?? shortest) * 1000;
      const starts = periodsOf(StartTime, EndTime, period);
      const values = this.#series(query, MetricDataQueries, starts, period);
      const points = starts.flatMap((at, index) => {
        const value = values[index];
        return value === undefined ? [] : [{ at, value }];
      });
      if (ScanBy === 'TimestampDescending') points.reverse();
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: points.map(({ at }) => at / 1000),
        Values: points.map(({ value }) => value),
        StatusCode: 'Complete',
      };
    });
    return { MetricDataResults: results, Messages: [] };
  }

  #series(query: Query, all: readonly Query[], starts: readonly number[], period: number): Series {
    const { MetricStat: stat, Expression: expression } = query;
    if (stat !== undefined) {
      const { Namespace, MetricName, Dimensions: dimensions } = stat.Metric;
      const metric = metricId(Namespace, MetricName, dimensions);
      return starts.map((from) => this.#watch.store.value(metric, stat.Stat, from, from + period));
    }
    if (expression === undefined)
      throw new AwsError('ValidationError', `${query.Id} has neither MetricStat nor Expression`);
    try {
      const metrics = all.filter(({ MetricStat: other }) => other !== undefined);
      return metricMath(expression)(
        metrics.map((metric) => this.#series(metric, all, starts, period)),
        starts.length,
      );
    } catch (error) {
      if (error instanceof UnknownMath) throw new AwsError('ValidationError', error.message);
      throw error;
    }
  }

  #statistics(asked: z.infer<typeof GetMetricStatistics>): unknown {
    this.#watch.upToDate();
    const metric = metricId(asked.Namespace, asked.MetricName, asked.Dimensions);
    const period = asked.Period * 1000;
    const points = periodsOf(asked.StartTime, asked.EndTime, period).flatMap((from) => {
      const values = asked.Statistics.map((statistic): [string, number | undefined] => [
        statistic,
        this.#watch.store.value(metric, statistic, from, from + period),
      ]);
      return values[0]?.[1] === undefined ? [] : [{ Timestamp: from / 1000, ...Object.fromEntries(values) }];
    });
    return { Label: asked.MetricName, Datapoints: points };
  }

  #put({ Namespace, MetricData }: z.infer<typeof PutMetricData>): unknown {
    if (Namespace.startsWith('AWS/'))
      throw new AwsError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
    for (const datum of MetricData) {
      const metric = metricId(Namespace, datum.MetricName, datum.Dimensions);
      const at = datum.Timestamp ?? this.#clock.now();
      if (Math.abs(at - this.#clock.now()) > 14 * 24 * 60 * PERIOD_MS)
        throw new AwsError('InvalidParameterValue', 'The parameter Timestamp is more than two weeks away.');
      for (const values of setsOf(datum)) this.#watch.store.add(metric, values, at);
    }
    return {};
  }
}

const setsOf = ({
  Value,
  Values = [],
  Counts = [],
  StatisticValues: set,
}: z.infer<typeof Datum>): readonly StatisticSet[] => [
  ...(Value === undefined ? [] : [single(Value)]),
  ...Values.map((value, index) => {
    const count = Counts[index] ?? 1;
    return { sum: value * count, minimum: value, maximum: value, count };
  }),
  ...(set === undefined
    ? []
    : [{ sum: set.Sum, minimum: set.Minimum, maximum: set.Maximum, count: set.SampleCount }]),
];
