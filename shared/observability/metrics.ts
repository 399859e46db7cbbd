import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type CountName, type DurationName, METRIC_NAMESPACE, type MoneyName } from './metric-table.ts';

export interface OperationalMetrics {
  count(name: CountName, by?: number): void;
  /** Each value by itself, so that CloudWatch knows percentiles. */
  measure(name: DurationName, milliseconds: number): void;
  /** In major units of the currency; what one invocation tells is added up. */
  money(name: MoneyName, amount: number, currency: string): void;
  /** Writes what was counted; once per invocation. The environment's first time tells of a cold start. */
  flush(): void;
}

/** What a module loads once, an execution environment has once. */
let isCold = true;

/** CloudWatch's embedded metric format: a log line, no call. */
export const createMetrics = (): OperationalMetrics => {
  const metrics = new Metrics({
    namespace: process.env.POWERTOOLS_METRICS_NAMESPACE ?? METRIC_NAMESPACE,
    serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? 'unknown',
  });
  const counts = new Map<CountName, number>();
  const durations: { readonly name: DurationName; readonly milliseconds: number }[] = [];
  const sums = new Map<string, Map<MoneyName, number>>();
  const count: OperationalMetrics['count'] = (name, by = 1) => {
    if (by !== 0) counts.set(name, (counts.get(name) ?? 0) + by);
  };
  return {
    count,
    measure: (name, milliseconds) => void durations.push({ name, milliseconds }),
    money(name, amount, currency) {
      const ofCurrency = sums.get(currency) ?? new Map<MoneyName, number>();
      sums.set(currency, ofCurrency.set(name, (ofCurrency.get(name) ?? 0) + amount));
    },
    flush() {
      if (isCold) count('ColdStarts');
      isCold = false;
      for (const [name, value] of counts) metrics.addMetric(name, MetricUnit.Count, value);
      // Powertools writes a line whenever a metric has as many values as CloudWatch takes in one.
      for (const { name, milliseconds } of durations)
        metrics.addMetric(name, MetricUnit.Milliseconds, Math.max(0, Math.round(milliseconds)));
      if (counts.size + durations.length > 0) metrics.publishStoredMetrics();
      // A line of its own for each currency: a second dimension would be one of everything else in the line.
      for (const [currency, ofCurrency] of sums)
        for (const [name, amount] of ofCurrency)
          metrics
            .singleMetric()
            .addDimension('currency', currency)
            .addMetric(name, MetricUnit.NoUnit, amount);
      counts.clear();
      durations.length = 0;
      sums.clear();
    },
  };
};
