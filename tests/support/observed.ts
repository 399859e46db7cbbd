import { Writable } from 'node:stream';
import { Console } from 'node:console';
import { Logger } from '@aws-lambda-powertools/logger';
import type { CountName, DurationName } from '../../shared/observability/metric-table.ts';
import type { OperationalMetrics } from '../../shared/observability/metrics.ts';
import { LineFormatter } from '../../shared/observability/line-formatter.ts';

/** A logger that says nothing, for tests of what happens beside the log. */
export const silentLogger = (): Logger => new Logger({ logLevel: 'SILENT' });

type Lines = Readonly<Record<string, unknown>>[];

/** What this logger writes from now on, from INFO on. */
export const linesOf = (logger: Logger): Lines => {
  const lines: Record<string, unknown>[] = [];
  const into = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString('utf8')) as Record<string, unknown>);
      done();
    },
  });
  logger.setLogLevel('INFO');
  Object.defineProperty(logger, 'console', { value: new Console(into), configurable: true });
  return lines;
};

/** A function's logger, whose lines a test can read. */
export const observedLogger = (): { readonly logger: Logger; readonly lines: Lines } => {
  const logger = new Logger({ logFormatter: new LineFormatter() });
  return { logger, lines: linesOf(logger) };
};

/** Metrics that a test can read: what was counted so far, and whether it was written. */
export const observedMetrics = (): OperationalMetrics & {
  readonly counts: Partial<Record<CountName, number>>;
  readonly durations: Partial<Record<DurationName, number[]>>;
  readonly sums: Record<string, number>;
  readonly flushed: () => number;
} => {
  const counts: Partial<Record<CountName, number>> = {};
  const durations: Partial<Record<DurationName, number[]>> = {};
  const sums: Record<string, number> = {};
  let flushed = 0;
  return {
    counts,
    durations,
    sums,
    flushed: () => flushed,
    count: (name, by = 1) => void (counts[name] = (counts[name] ?? 0) + by),
    measure: (name, milliseconds) => void (durations[name] ??= []).push(milliseconds),
    money(name, amount, currency) {
      const key = `${name} ${currency}`;
      sums[key] = (sums[key] ?? 0) + amount;
    },
    flush: () => void (flushed += 1),
  };
};
