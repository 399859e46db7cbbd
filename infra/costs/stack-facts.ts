import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { quotalineApp } from '../quotaline-app.ts';
import type { StackFacts } from './monthly.ts';

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

const Alarm = z.looseObject({
  Metrics: z.array(z.looseObject({ MetricStat: z.unknown().optional() })).optional(),
});
const Fn = z.looseObject({ FunctionName: z.string(), MemorySize: z.number() });
const Client = z.looseObject({ AllowedOAuthFlows: z.array(z.string()).optional() });
const Archive = z.looseObject({ RetentionDays: z.number() });
const Schedule = z.looseObject({ Name: z.string(), ScheduleExpression: z.string() });

const MINUTES_PER_MONTH = (365 / 12) * 24 * 60;

const minutesOf = (expression: string): number => {
  const [, every] = /^rate\((\d+) minutes?\)$/.exec(expression) ?? [];
  if (every === undefined)
    throw new RangeError(`How often is ${expression}? Costs know rate(… minutes) only.`);
  return Number(every);
};

/** A template of prod, as ops would deploy it, without bundling anything: code costs nothing by its size. */
const prodTemplate = (): z.infer<typeof Template> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-costs-'));
  try {
    const app = quotalineApp({
      context: { stage: 'prod', mailFrom: 'deals@acme.com', alarmEmail: 'ops@acme.com' },
      outdir: path.join(folder, 'out'),
      bundles: () => (name) => {
        const bundle = path.join(folder, 'bundles', name);
        mkdirSync(bundle, { recursive: true });
        writeFileSync(path.join(bundle, 'index.mjs'), '');
        return bundle;
      },
    });
    return Template.parse(app.synth().getStackArtifact('quotaline-prod').template);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What the stack of prod has that costs, counted in its template; `customMetrics` is how many it publishes itself. */
export const stackFacts = (customMetrics: number): StackFacts => {
  const resources = Object.values(prodTemplate().Resources);
  const ofType = <Parsed>(type: string, schema: z.ZodType<Parsed>): readonly Parsed[] =>
    resources.filter(({ Type }) => Type === type).map(({ Properties }) => schema.parse(Properties));
  const functions = ofType('AWS::Lambda::Function', Fn);
  const alarms = ofType('AWS::CloudWatch::Alarm', Alarm);
  // The hourly look whether a day began costs next to nothing.
  const schedules = ofType('AWS::Scheduler::Schedule', Schedule).filter(({ Name }) =>
    Name.endsWith('-canary'),
  );
  return {
    memory: Object.fromEntries(
      functions.map(({ FunctionName, MemorySize }) => [
        FunctionName.replace(/^quotaline-prod-/, ''),
        MemorySize,
      ]),
    ),
    alarmMetrics: alarms.reduce(
      (sum, { Metrics = [{ MetricStat: {} }] }) =>
        sum + Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length,
      0,
    ),
    dashboards: ofType('AWS::CloudWatch::Dashboard', z.unknown()).length,
    queues: ofType(
      'AWS::Lambda::EventSourceMapping',
      z.looseObject({ ScalingConfig: z.unknown().optional() }),
    ).filter(({ ScalingConfig }) => ScalingConfig !== undefined).length,
    systemClients: ofType('AWS::Cognito::UserPoolClient', Client).filter(({ AllowedOAuthFlows = [] }) =>
      AllowedOAuthFlows.includes('client_credentials'),
    ).length,
    customMetrics,
    canaryRunsPerMonth: schedules.reduce(
      (sum, { ScheduleExpression }) => sum + MINUTES_PER_MONTH / minutesOf(ScheduleExpression),
      0,
    ),
    archiveDays: ofType('AWS::Events::Archive', Archive)[0]?.RetentionDays ?? 0,
  };
};
