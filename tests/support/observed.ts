import { Logger } from '@aws-lambda-powertools/logger';
import type { MetricName, OperationalMetrics } from '../../shared/observability/metrics.ts';

/** A logger that says nothing, for tests of what happens beside the log. */
export const silentLogger = (): Logger => new Logger({ logLevel: 'SILENT' });

/** Metrics that a test can read: what was counted so far, and whether it was written. */
export const observedMetrics = (): OperationalMetrics & {
  readonly counts: Partial<Record<MetricName, number>>;
  readonly flushed: () => number;
} => {
  const counts: Partial<Record<MetricName, number>> = {};
  let flushed = 0;
  return {
    counts,
    flushed: () => flushed,
    count: (name, by = 1) => void (counts[name] = (counts[name] ?? 0) + by),
    flush: () => void (flushed += 1),
  };
};
