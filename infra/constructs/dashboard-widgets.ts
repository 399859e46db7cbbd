import { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  MathExpression,
  Row,
  SingleValueWidget,
  TextWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import {
  METRIC_NAMESPACE,
  type CountName,
  type MoneyName,
  metricTable,
} from '../../shared/observability/metric-table.ts';
import { counted } from './counted.ts';

/** CloudWatch divides a dashboard into so many columns. */
const COLUMNS = 24;
const HEIGHT = 6;

export const FIVE_MINUTES = Duration.minutes(5);

/** Widgets side by side, all as wide as fits. */
export const rowOf = (...widgets: readonly ((width: number) => IWidget)[]): IWidget =>
  new Row(...widgets.map((widget) => widget(Math.floor(COLUMNS / widgets.length))));

export const heading = (markdown: string): IWidget => new TextWidget({ markdown, width: COLUMNS, height: 2 });

/** Lines over time; those of `right` on an axis of their own. */
export const graph =
  (title: string, left: readonly IMetric[], right: readonly IMetric[] = []) =>
  (width: number): IWidget =>
    new GraphWidget({
      title,
      left: [...left],
      right: [...right],
      leftYAxis: { min: 0 },
      rightYAxis: { min: 0 },
      width,
      height: HEIGHT,
    });

/** One figure for the whole of what is shown. */
export const figure =
  (title: string, metrics: readonly IMetric[]) =>
  (width: number): IWidget =>
    new SingleValueWidget({
      title,
      metrics: [...metrics],
      setPeriodToTimeRange: true,
      width,
      height: 4,
    });

/** Which services' functions count it. */
const servicesOf = (name: CountName, all: readonly string[]): readonly string[] => {
  const facts = metricTable[name];
  return 'services' in facts ? facts.services : all;
};

/** One line per service. */
export const byService = (name: CountName, services: readonly string[]): IMetric[] =>
  servicesOf(name, services).map((service) =>
    counted(name, service, FIVE_MINUTES).with({ label: `${name} ${service}` }),
  );

/** One line per currency: which there are, CloudWatch looks up itself. */
export const byCurrency = (name: MoneyName): IMetric =>
  new MathExpression({
    expression: `SEARCH('{${METRIC_NAMESPACE},currency,service} MetricName="${name}"', 'Sum')`,
    usingMetrics: {},
    label: "${PROP('Dim.currency')}",
    period: FIVE_MINUTES,
  });
