import { describe, expect, it } from 'vitest';
import { metricTable } from '../../shared/observability/metric-table.ts';
import { flat, listOf, ofType, synthesized } from '../support/synthesized.ts';
import { dashboards, leftOut, linesOf, ownMetrics, unknownMetrics, type Widget } from './dashboards.ts';

/** Of CloudWatch, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const METRICS_PER_WIDGET = 500;
const METRICS_PER_DASHBOARD = 2500;
const WIDGETS_PER_DASHBOARD = 500;
const ALARMS_PER_WIDGET = 100;

const operationsOf = (stage: string): readonly Widget[] =>
  dashboards(synthesized(stage)).get(`quotaline-${stage}-operations`) ?? [];

describe.each(['dev', 'prod'])('the dashboards of %s', (stage) => {
  const template = synthesized(stage);
  const all = dashboards(template);

  it('are two, with the stage in their names, and an address each in the outputs', () => {
    expect([...all.keys()].sort()).toEqual([`quotaline-${stage}-business`, `quotaline-${stage}-operations`]);
    const addresses = Object.values(template.Outputs).map(({ Value }) => flat(Value));
    for (const name of all.keys())
      expect(addresses.filter((address) => address.endsWith(`#dashboards/dashboard/${name}`))).toHaveLength(
        1,
      );
  });

  it('show only metrics that functions write', () => {
    for (const widgets of all.values()) expect(unknownMetrics(widgets)).toEqual([]);
  });

  it('show every function, queue, table and alarm', () => {
    expect(leftOut(template, operationsOf(stage))).toEqual([]);
  });

  it('stay within what CloudWatch takes', () => {
    for (const widgets of all.values()) {
      const sizes = widgets.map((widget) => linesOf(widget).length);
      expect(widgets.length).toBeLessThanOrEqual(WIDGETS_PER_DASHBOARD);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(METRICS_PER_WIDGET);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(METRICS_PER_DASHBOARD);
      for (const { properties } of widgets)
        expect(properties.alarms?.length ?? 0).toBeLessThanOrEqual(ALARMS_PER_WIDGET);
    }
  });
});

describe('the dashboards together', () => {
  it('show every metric that functions write', () => {
    const shown = new Set([...dashboards(synthesized('prod')).values()].flatMap(ownMetrics));
    expect(Object.keys(metricTable).filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('what a dashboard lacks', () => {
  const template = synthesized('prod');
  const without = (word: string): readonly Widget[] =>
    operationsOf('prod').map((widget) => ({
      ...widget,
      properties: {
        ...widget.properties,
        metrics: linesOf(widget)
          .filter((line) => !line.includes(word))
          .map((line) => [...line]),
        alarms: (widget.properties.alarms ?? []).filter((alarm) => alarm !== word),
      },
    }));

  it.each([
    ['a function', 'AWS::Lambda::Function', ''],
    ['a queue', 'AWS::SQS::Queue', '.QueueName'],
    ['a table', 'AWS::DynamoDB::Table', ''],
    ['an alarm', 'AWS::CloudWatch::Alarm', '.Arn'],
  ])('is noticed: %s', (_what, type, attribute) => {
    const [[id] = ['']] = ofType(template, type);
    expect(leftOut(template, without(`<${id}${attribute}>`))).toEqual([id]);
  });

  it('is noticed: a metric that nothing writes, in a line or in a search', () => {
    const metrics = [
      ['Quotaline', 'DealsWonAndLost', 'service', 'metrics'],
      [{ expression: `SEARCH('{Quotaline,currency,service} MetricName="Turnover"', 'Sum')` }],
    ];
    const planted = { type: 'metric', properties: { metrics } };
    expect(unknownMetrics([planted])).toEqual(['DealsWonAndLost', 'Turnover']);
  });
});

describe('the saved queries', () => {
  const queries = (stage: string) =>
    ofType(synthesized(stage), 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties);

  it('lie under the stage’s name', () => {
    expect(
      queries('prod')
        .map(({ Name }) => flat(Name))
        .sort(),
    ).toEqual([
      'quotaline-prod/cold starts',
      'quotaline-prod/errors by service',
      'quotaline-prod/refused webhooks',
      'quotaline-prod/slowest requests',
      'quotaline-prod/way of one deal',
    ]);
  });

  it('follow a deal through the logs of every function, in order', () => {
    const way = queries('prod').find(({ Name }) => flat(Name).endsWith('way of one deal'));
    expect(way?.QueryString).toMatch(/filter @message like "put the id here"\n\| sort @timestamp asc/);
    expect(listOf(way?.LogGroupNames)).toHaveLength(
      ofType(synthesized('prod'), 'AWS::Lambda::Function').length,
    );
  });
});
