import * as z from 'zod';
import { nameIn } from './local-names.ts';
import { NotRunLocally } from './not-run-locally.ts';
import { reader } from './read-properties.ts';
import { BadExpression, dueAfter } from './schedule-expression.ts';
import type { Resource } from './template.ts';

export interface ScheduleSpec {
  readonly name: string;
  /** `rate(5 minutes)` or `cron(0 9 ? * MON-FRI *)`. */
  readonly expression: string;
  readonly timeZone: string;
  readonly functionName: string;
  /** The event as JSON. */
  readonly input: string;
}

const read = reader(
  'AWS::Scheduler::Schedule',
  {
    Name: z.string().optional(),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.unknown(),
      Input: z.string().optional(),
      RetryPolicy: z.unknown().optional(),
      DeadLetterConfig: z.unknown().optional(),
    }),
  },
  // A window only delays: locally each turn comes when it is due.
  ['Description', 'FlexibleTimeWindow', 'GroupName', 'KmsKeyArn'],
);

/** The template's schedules, those that are switched on. Throws NotRunLocally when one has another target than a function. */
export const readSchedules = (resources: readonly Resource[]): readonly ScheduleSpec[] =>
  read(resources).flatMap(({ id, properties }): ScheduleSpec[] => {
    const { Target, ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone } = properties;
    if (!Target.Arn.startsWith('arn:aws:lambda:'))
      throw new NotRunLocally(
        `AWS::Scheduler::Schedule ${id}: targets are functions locally, not ${Target.Arn}`,
      );
    try {
      dueAfter({ expression, timeZone }, 0, 0);
    } catch (error) {
      if (error instanceof BadExpression)
        throw new NotRunLocally(`AWS::Scheduler::Schedule ${id}: ${error.message}`);
      throw error;
    }
    if (properties.State === 'DISABLED') return [];
    const name = properties.Name ?? id;
    return [{ name, expression, timeZone, functionName: nameIn(Target.Arn), input: Target.Input ?? '{}' }];
  });
