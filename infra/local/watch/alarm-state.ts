import type { AlarmSpec } from '../stack-alarms.ts';
import { metricMath, type Series } from './metric-math.ts';
import type { MetricStore } from './metric-store.ts';

export type AlarmStateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface Evaluation {
  readonly state: AlarmStateValue;
  readonly reason: string;
}

const BREACHES: Readonly<Record<AlarmSpec['comparison'], (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const COMPARED: Readonly<Record<AlarmSpec['comparison'], string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** The values that an alarm looks at: one per period, the last of which ends at `at`, oldest first. */
export const valuesOf = (spec: AlarmSpec, store: MetricStore, at: number): Series => {
  const { metrics, expression, periodSeconds, evaluationPeriods } = spec;
  const period = periodSeconds * 1000;
  const series = metrics.map(({ metric, statistic }) =>
    Array.from({ length: evaluationPeriods }, (_, index) => {
      const from = at - (evaluationPeriods - index) * period;
      return store.value(metric, statistic, from, from + period);
    }),
  );
  return expression === undefined ? (series[0] ?? []) : metricMath(expression)(series, evaluationPeriods);
};

const points = (count: number): string => (count === 1 ? '1 datapoint' : `${String(count)} datapoints`);

const figure = (value: number | undefined): string =>
  value === undefined ? 'missing' : String(Math.round(value * 1e6) / 1e6);

/** The state that these values mean to an alarm, as CloudWatch reckons it; `before` is the state until now. */
export const stateOf = (spec: AlarmSpec, values: Series, before: AlarmStateValue): Evaluation => {
  const { threshold, comparison, missingData, datapointsToAlarm } = spec;
  const isBreaching = (value: number | undefined): boolean =>
    value === undefined ? missingData === 'breaching' : BREACHES[comparison](value, threshold);
  const breaching = values.filter(isBreaching).length;
  const isEmpty = values.every((value) => value === undefined);
  const shown = `[${values.map(figure).join(', ')}]`;
  const limit = `${COMPARED[comparison]} the threshold (${String(threshold)})`;
  if (isEmpty && missingData === 'missing')
    return { state: 'INSUFFICIENT_DATA', reason: `Insufficient Data: no datapoints were received.` };
  if (isEmpty && missingData === 'ignore') return { state: before, reason: 'No datapoints were received.' };
  if (breaching >= datapointsToAlarm) {
    const reason = `Threshold Crossed: ${points(breaching)} of the last ${String(values.length)} ${shown} ${breaching === 1 ? 'was' : 'were'} ${limit}.`;
    return { state: 'ALARM', reason };
  }
  const reason = `Threshold Not Crossed: of the last ${points(values.length)} ${shown}, ${String(breaching)} ${breaching === 1 ? 'was' : 'were'} ${limit}; ${String(datapointsToAlarm)} raise the alarm.`;
  return { state: 'OK', reason };
};
