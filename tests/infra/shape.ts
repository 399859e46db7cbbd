import { at, flat, listOf, ofType, type Resource, type Template } from '../support/synthesized.ts';
import { permissions } from './least-privilege.ts';

const sorted = (lines: readonly string[]): readonly string[] => [...lines].sort();

const lines = (
  template: Template,
  type: string,
  line: (resource: Resource, id: string) => string,
): readonly string[] => sorted(ofType(template, type).map(([id, resource]) => line(resource, id)));

const counts = ({ Resources }: Template): readonly string[] => {
  const types = Object.values(Resources).map(({ Type }) => Type);
  const groups = [...Map.groupBy(types, (type) => type)].map(
    ([type, all]) => `${type}  ${String(all.length)}`,
  );
  return [...sorted(groups), `together  ${String(types.length)}`];
};

const route = ({ Properties }: Resource): string => {
  const scopes = listOf(Properties.AuthorizationScopes).map(flat).join(' ');
  return `${flat(Properties.RouteKey)}  ${scopes === '' ? 'open' : scopes}`;
};

const rule = ({ Properties }: Resource): string => {
  const types = listOf(at(Properties.EventPattern, 'detail-type')).map(flat);
  const targets = listOf(Properties.Targets).map((target) => flat(at(target, 'Arn')));
  const when = types.length > 0 ? types.join(' ') : flat(Properties.ScheduleExpression);
  return `${targets.join(' ')}  ←  ${when}`;
};

const fn = ({ Properties }: Resource): string => {
  const variables = Object.keys(at(Properties, 'Environment', 'Variables') ?? {}).sort();
  return `${flat(Properties.FunctionName)}  ${flat(Properties.MemorySize)} MB  ${flat(Properties.Timeout)} s  ${variables.join(' ')}`;
};

const mapping = ({ Properties }: Resource): string =>
  [
    `${flat(Properties.EventSourceArn)} → ${flat(Properties.FunctionName)}`,
    `batch ${flat(Properties.BatchSize)}`,
    `window ${flat(Properties.MaximumBatchingWindowInSeconds ?? 0)} s`,
    `concurrency ${flat(at(Properties, 'ScalingConfig', 'MaximumConcurrency') ?? 'one')}`,
  ].join('  ');

const alarm = ({ Properties }: Resource): string =>
  [
    flat(Properties.AlarmName),
    `above ${flat(Properties.Threshold)}`,
    `${flat(Properties.EvaluationPeriods)} periods`,
    `no data: ${flat(Properties.TreatMissingData)}`,
  ].join('  ');

/** What a function may do: an action and a resource a line, so that a new permission is a new line. */
const allowed = (template: Template): readonly string[] =>
  sorted(
    permissions(template).flatMap(({ fn: id, actions, resources }) => {
      const name = flat(template.Resources[id]?.Properties.FunctionName);
      return actions.flatMap((action) => resources.map((resource) => `${name}  ${action}  ${resource}`));
    }),
  );

/**
 * What a reviewer wants to see of a template when it changes: how many of what, the routes, who hears which event, what
 * runs, and what it may do. A section a kind, a line a thing, in an order that does not depend on the code's.
 */
export const shapeOf = (template: Template): string => {
  const sections: Readonly<Record<string, readonly string[]>> = {
    Resources: counts(template),
    'Routes and their scopes': lines(template, 'AWS::ApiGatewayV2::Route', route),
    'Rules: who hears what': lines(template, 'AWS::Events::Rule', rule),
    Schedules: lines(
      template,
      'AWS::Scheduler::Schedule',
      ({ Properties }) => `${flat(at(Properties, 'Target', 'Arn'))}  ${flat(Properties.ScheduleExpression)}`,
    ),
    'Functions: memory, timeout, environment': lines(template, 'AWS::Lambda::Function', fn),
    'Mappings: what calls them': lines(template, 'AWS::Lambda::EventSourceMapping', mapping),
    Alarms: lines(template, 'AWS::CloudWatch::Alarm', alarm),
    Outputs: sorted(Object.keys(template.Outputs)),
    'What functions may do': allowed(template),
  };
  return Object.entries(sections)
    .filter(([, section]) => section.length > 0)
    .map(([title, section]) => `# ${title}\n\n${section.join('\n')}\n`)
    .join('\n');
};
