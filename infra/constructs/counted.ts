import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  METRIC_NAMESPACE,
  type CountName,
  type DurationName,
} from '../../shared/observability/metric-table.ts';

const MINUTE = Duration.minutes(1);

/** How often functions of the service counted it. */
export const counted = (name: CountName, service: string, period: Duration = MINUTE): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { service },
    statistic: 'Sum',
    period,
  });

/** What functions of the service measured, as the share `statistic` of it stays below, such as `p95`. */
export const measured = (name: DurationName, service: string, statistic: string): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { service },
    statistic,
    period: Duration.minutes(5),
  });
