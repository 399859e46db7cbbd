import { beforeEach, describe, expect, test } from 'vitest';
import { NotRunLocally } from '../../../infra/local/not-run-locally.ts';
import { readAlarms, type AlarmSpec } from '../../../infra/local/stack-alarms.ts';
import { addEmbeddedMetrics } from '../../../infra/local/watch/embedded-metrics.ts';
import { MetricStore } from '../../../infra/local/watch/metric-store.ts';
import { Watch, type Look } from '../../../infra/local/watch/watch.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-02T09:00:10Z');

const clock = { at: START, now: () => clock.at };
beforeEach(() => {
  clock.at = START;
});

const errors = (of: string) => ({
  namespace: 'AWS/Lambda',
  name: 'Errors',
  dimensions: { FunctionName: of },
});

const metricStat = (of: string) => ({
  Metric: {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: [{ Name: 'FunctionName', Value: of }],
  },
  Period: 60,
  Stat: 'Sum',
});

const properties = {
  AlarmName: 'quotaline-dev-deals-errors',
  AlarmDescription: 'Functions of deals fail.',
  EvaluationPeriods: 3,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
};
const together = {
  ...properties,
  Metrics: [
    { Id: 'sum', Expression: 'SUM(METRICS())' },
    { Id: 'm0', MetricStat: metricStat('api'), ReturnData: false },
    { Id: 'm1', MetricStat: metricStat('relay'), ReturnData: false },
  ],
};
const single = {
  ...properties,
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'FunctionName', Value: 'api' }],
  Statistic: 'Sum',
  Period: 60,
};

const alarm = (given: Readonly<Record<string, unknown>>): AlarmSpec => {
  const [spec] = readAlarms([{ id: 'Alarm', type: 'AWS::CloudWatch::Alarm', properties: given }]);
  if (spec === undefined) throw new Error('no alarm was read');
  return spec;
};

const watching = (given: Readonly<Record<string, unknown>>, look: Look = () => () => undefined): Watch =>
  new Watch({
    alarms: [alarm(given)],
    clock,
    look,
    warn: (text) => {
      throw new Error(text);
    },
  });

const stateOf = (watch: Watch) => {
  watch.catchUp();
  return watch.alarms.statuses()[0]?.state;
};

describe('an alarm', () => {
  test('of three periods is raised when the third in a row breaches, and is over when one does not', () => {
    const watch = watching(together);
    const states = [1, 2, 3, 4].map((minute) => {
      if (minute < 4) watch.store.record(errors(minute === 2 ? 'relay' : 'api'), 1);
      clock.at += MINUTE;
      return stateOf(watch);
    });
    expect(states).toEqual(['OK', 'OK', 'ALARM', 'OK']);
    expect(watch.alarms.changes().map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'INSUFFICIENT_DATA → OK',
      'OK → ALARM',
      'ALARM → OK',
    ]);
  });

  test('says which values raised it, and since when', () => {
    const watch = watching({ ...single, EvaluationPeriods: 1 });
    watch.store.record(errors('api'), 2);
    clock.at += MINUTE;
    watch.catchUp();
    expect(watch.alarms.statuses()[0]).toMatchObject({
      reason: expect.stringMatching(
        /^Threshold Crossed: 1 datapoint of the last 1 \[2\] .* \(0\)\.$/,
      ) as string,
      since: Date.parse('2026-03-02T09:01:00Z'),
    });
  });

  test('finds its three periods in the minutes that a moved clock has passed by', () => {
    // Something waits all the while: what is looked at has its value in each of these minutes.
    const age: Look = (store) => (at) => store.observe(errors('api'), (at - START) / 1000, at);
    const watch = watching({ ...single, Threshold: 60 }, age);
    clock.at += 4 * MINUTE + 30_000;
    expect(stateOf(watch)).toBe('ALARM');
    expect(watch.alarms.statuses()[0]?.since).toBe(Date.parse('2026-03-02T09:04:00Z'));
  });

  test('looks at the last three hours only, however far the clock was moved', () => {
    let looked = 0;
    const watch = watching(single, () => () => (looked += 1));
    clock.at += 30 * 24 * 60 * MINUTE;
    watch.catchUp();
    expect(looked).toBe(181);
  });

  test('counts as many breaches as it asks for', () => {
    const watch = watching({ ...single, DatapointsToAlarm: 2 });
    watch.store.record(errors('api'), 1);
    clock.at += 2 * MINUTE;
    watch.store.record(errors('api'), 1);
    clock.at += MINUTE;
    expect(stateOf(watch)).toBe('ALARM');
  });

  test.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['notBreaching', 'OK'],
    ['breaching', 'ALARM'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ])('takes periods without values as %s: %s', (treatment, state) => {
    const watch = watching({ ...single, TreatMissingData: treatment });
    clock.at += 5 * MINUTE;
    expect(stateOf(watch)).toBe(state);
  });

  test('of a figure that the local run does not have says so', () => {
    const watch = watching({ ...single, Namespace: 'AWS/DynamoDB', MetricName: 'ReadThrottleEvents' });
    expect(watch.alarms.statuses()[0]?.notFed).toContain('AWS/DynamoDB ReadThrottleEvents');
  });

  test.each([
    ['AnomalyDetectionBand', { ...single, AnomalyDetectionBand: 2 }],
    ['percentiles', { ...single, Statistic: 'p99' }],
    ['whole minutes', { ...single, Period: 10 }],
    ['RATE(m0)', { ...together, Metrics: together.Metrics.with(0, { Id: 'r', Expression: 'RATE(m0)' }) }],
    ['Namespace', { ...properties }],
  ])('that the local run can’t evaluate is refused, naming %s', (named, given) => {
    expect(() => alarm(given)).toThrow(NotRunLocally);
    expect(() => alarm(given)).toThrow(named);
  });
});

describe('metrics', () => {
  const store = () =>
    new MetricStore(clock, (text) => {
      throw new Error(text);
    });

  test('add up by the minute, whatever the order of their dimensions', () => {
    const metrics = store();
    metrics.record({ namespace: 'Q', name: 'Lag', dimensions: { a: '1', b: '2' } }, 5);
    metrics.record({ namespace: 'Q', name: 'Lag', dimensions: { b: '2', a: '1' } }, 7);
    const lag = { namespace: 'Q', name: 'Lag', dimensions: { a: '1', b: '2' } };
    const minute = Date.parse('2026-03-02T09:00:00Z');
    const figures = (['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'] as const).map((statistic) =>
      metrics.value(lag, statistic, minute, minute + MINUTE),
    );
    expect(figures).toEqual([12, 6, 5, 7, 2]);
  });

  test('are forgotten after three hours', () => {
    const metrics = store();
    metrics.record(errors('api'), 1);
    clock.at += 181 * MINUTE;
    metrics.forget(clock.at);
    expect(metrics.metrics()).toEqual([]);
  });

  test('stop where somebody makes dimensions without end, and say so once', () => {
    const warnings: string[] = [];
    const metrics = new MetricStore(clock, (text) => warnings.push(text));
    for (let id = 0; id < 2_010; id += 1) metrics.record(errors(String(id)), 1);
    expect([metrics.metrics().length, warnings.length]).toEqual([2_000, 1]);
  });

  test('come from lines in the embedded metric format, one value or many, by each set of dimensions', () => {
    const metrics = store();
    const line = {
      _aws: {
        Timestamp: START,
        CloudWatchMetrics: [
          {
            Namespace: 'Quotaline',
            Dimensions: [['service'], ['service', 'currency']],
            Metrics: [{ Name: 'RevenueClosed', Unit: 'None' }, { Name: 'EndToEndLag' }],
          },
        ],
      },
      service: 'metrics',
      currency: 'EUR',
      RevenueClosed: 1234.5,
      EndToEndLag: [100, 300],
    };
    addEmbeddedMetrics(JSON.stringify(line), metrics);
    addEmbeddedMetrics('{"level":"INFO","message":"CloudWatchMetrics"}', metrics);
    addEmbeddedMetrics('no JSON', metrics);
    const value = (name: string, dimensions: Record<string, string>) =>
      metrics.value({ namespace: 'Quotaline', name, dimensions }, 'Maximum', START - MINUTE, START + MINUTE);
    expect(value('RevenueClosed', { service: 'metrics', currency: 'EUR' })).toBe(1234.5);
    expect(value('EndToEndLag', { service: 'metrics' })).toBe(300);
    expect(metrics.metrics()).toHaveLength(4);
  });
});
