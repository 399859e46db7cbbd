import type { AlarmSpec } from '../stack-alarms.ts';
import { titleOf, type MetricId } from './metric.ts';

/** What the local run has figures of; the functions' own metrics come with their log lines, under whatever name. */
const FED: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda': ['Invocations', 'Errors', 'Throttles', 'Duration', 'IteratorAge'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  'AWS/ApiGateway': ['Count', '4xx', '5xx', 'Latency'],
  'AWS/SES': ['Send', 'Bounce', 'Complaint', 'Reputation.BounceRate', 'Reputation.ComplaintRate'],
};

const isFed = ({ namespace, name }: MetricId): boolean =>
  !namespace.startsWith('AWS/') || (FED[namespace] ?? []).includes(name);

/** Why an alarm can't be raised here: none of its metrics has figures. Undefined when it can. */
export const notFed = ({ metrics }: AlarmSpec): string | undefined => {
  if (metrics.some(({ metric }) => isFed(metric))) return undefined;
  const names = [...new Set(metrics.map(({ metric }) => titleOf(metric)))].join(', ');
  return `the local run has no figures of ${names}`;
};
