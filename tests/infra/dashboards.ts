import * as z from 'zod';
import { metricTable } from '../../shared/observability/metric-table.ts';
import { at, flat, ofType, type Template } from '../support/synthesized.ts';

const Widget = z.looseObject({
  type: z.string(),
  properties: z.looseObject({
    metrics: z.array(z.array(z.unknown())).optional(),
    alarms: z.array(z.string()).optional(),
  }),
});
export type Widget = z.infer<typeof Widget>;

const Body = z.object({ widgets: z.array(Widget) });

/** A dashboard's widgets by its name, references written as `<LogicalId>`. */
export const dashboards = (template: Template): ReadonlyMap<string, readonly Widget[]> =>
  new Map(
    ofType(template, 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) => [
      flat(Properties.DashboardName),
      Body.parse(JSON.parse(flat(Properties.DashboardBody))).widgets,
    ]),
  );

export const linesOf = ({ properties }: Widget): readonly (readonly unknown[])[] => properties.metrics ?? [];

/** Names of our own metrics on these widgets, in lines and in searches. */
export const ownMetrics = (widgets: readonly Widget[]): readonly string[] =>
  widgets.flatMap(linesOf).flatMap((line) => {
    if (line[0] === 'Quotaline') return String(line[1]);
    const expression = flat(at(line[0], 'expression'));
    return [...expression.matchAll(/\{Quotaline,.*MetricName="(\w+)"/g)].map(([, name]) => String(name));
  });

/** Of our own metrics, those that no function writes. */
export const unknownMetrics = (widgets: readonly Widget[]): readonly string[] =>
  ownMetrics(widgets).filter((name) => !(name in metricTable));

const SHOWN = ['AWS::Lambda::Function', 'AWS::SQS::Queue', 'AWS::DynamoDB::Table'];

/** Functions, queues and tables of the template that have no line, and alarms without their state, on these widgets. */
export const leftOut = (template: Template, widgets: readonly Widget[]): readonly string[] => {
  const lines = new Set(
    widgets
      .flatMap(linesOf)
      .flat()
      .map((word) => String(word)),
  );
  const states = new Set(widgets.flatMap(({ properties }) => properties.alarms ?? []));
  // A queue's metrics name it by an attribute, others by themselves.
  const isShown = (id: string) => lines.has(`<${id}>`) || lines.has(`<${id}.QueueName>`);
  return [
    ...SHOWN.flatMap((type) => ofType(template, type).map(([id]) => id)).filter((id) => !isShown(id)),
    ...ofType(template, 'AWS::CloudWatch::Alarm')
      .map(([id]) => id)
      .filter((id) => !states.has(`<${id}.Arn>`)),
  ];
};
