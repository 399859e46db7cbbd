import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { OwnRole } from './own-role.ts';
import type { ServiceFunction } from './service-function.ts';

interface Turns {
  readonly name: string;
  readonly description: string;
  readonly everyMinutes: number;
  /** What it stands in; the function unless given. */
  readonly scope?: Construct;
}

/** Calls a function every so many minutes, with a role that may do that alone. */
export const scheduled = (
  fn: ServiceFunction,
  { name, description, everyMinutes, scope = fn }: Turns,
): void => {
  const role = new OwnRole(
    scope,
    'ScheduleRole',
    new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.lambda.functionArn] }),
  );
  const schedule = new CfnSchedule(scope, 'Schedule', {
    name,
    description,
    scheduleExpression: `rate(${String(everyMinutes)} ${everyMinutes === 1 ? 'minute' : 'minutes'})`,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: fn.lambda.functionArn,
      roleArn: role.roleArn,
      // A late turn would only meet the next one.
      retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 60 },
    },
  });
  // A schedule whose role may not call yet would lose its first turns.
  schedule.node.addDependency(role);
};
