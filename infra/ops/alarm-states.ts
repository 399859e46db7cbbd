import { paginateDescribeAlarms, type MetricAlarm, type CompositeAlarm } from '@aws-sdk/client-cloudwatch';
import type { Target } from './target.ts';

export interface AlarmState {
  /** Without the stage’s prefix. */
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** RFC 3339; empty when it never changed. */
  readonly since: string;
  readonly reason: string;
  /** Where to read what to do; empty when its description names none. */
  readonly runbook: string;
}

/** The stage’s alarms, by name; only those in ALARM unless `all`. */
export const alarmStates = async ({ aws, names }: Target, all: boolean): Promise<readonly AlarmState[]> => {
  const prefix = `${names.prefix}-`;
  const found: (MetricAlarm | CompositeAlarm)[] = [];
  const pages = paginateDescribeAlarms(
    { client: aws.cloudwatch },
    {
      AlarmNamePrefix: prefix,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      ...(!all && { StateValue: 'ALARM' }),
    },
  );
  for await (const page of pages) found.push(...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? []));
  return found
    .map((alarm) => ({
      name: (alarm.AlarmName ?? '').slice(prefix.length),
      state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
      since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString() ?? '',
      reason: alarm.StateReason ?? '',
      runbook: /Runbook: (\S+)/.exec(alarm.AlarmDescription ?? '')?.[1] ?? '',
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
};
