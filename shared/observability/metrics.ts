import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Operational counts; alarms and dashboards read them by these names. */
export type MetricName =
  | 'ParkedRecords'
  | 'PublishedEvents'
  | 'CoalescedEvents'
  | 'InvalidMessages'
  | 'FailedMessages'
  | 'BatchFallbacks'
  | 'DuplicateEvents'
  | 'StaleEvents'
  | 'TransactionConflicts'
  | 'WebhookRejected'
  | 'WebhookDuplicates'
  | 'UnreadableDeliveries'
  | 'MailsSent'
  | 'MailsFailed';

export interface OperationalMetrics {
  count(name: MetricName, by?: number): void;
  /** Writes what was counted; once per invocation. */
  flush(): void;
}

/** CloudWatch's embedded metric format: a log line, no call. */
export const createMetrics = (): OperationalMetrics => {
  const metrics = new Metrics({
    namespace: process.env.POWERTOOLS_METRICS_NAMESPACE ?? 'Quotaline',
    serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? 'unknown',
  });
  const counts = new Map<MetricName, number>();
  return {
    count: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
    flush() {
      if (counts.size === 0) return;
      for (const [name, value] of counts) metrics.addMetric(name, MetricUnit.Count, value);
      counts.clear();
      metrics.publishStoredMetrics();
    },
  };
};
