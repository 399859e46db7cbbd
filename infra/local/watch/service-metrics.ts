import { THROTTLED, type Outcome } from '../function-pool.ts';
import type { RecordMetric } from './metric-store.ts';

/** What Lambda tells of an invocation; `ms` is how long it ran. */
export const countInvocation = (
  functionName: string,
  outcome: Outcome,
  ms: number,
  record: RecordMetric,
): void => {
  const dimensions = { FunctionName: functionName };
  const add = (name: string, value: number) => record({ namespace: 'AWS/Lambda', name, dimensions }, value);
  add('Throttles', Number(outcome === THROTTLED));
  if (outcome === THROTTLED) return;
  add('Invocations', 1);
  add('Errors', Number(outcome.kind === 'failed'));
  add('Duration', ms);
};

/** What API Gateway tells of an answer, of the API and of its one stage. */
export const countAnswer = (apiId: string, status: number, ms: number, record: RecordMetric): void => {
  for (const dimensions of [{ ApiId: apiId }, { ApiId: apiId, Stage: '$default' }]) {
    const add = (name: string, value: number) =>
      record({ namespace: 'AWS/ApiGateway', name, dimensions }, value);
    add('Count', 1);
    add('4xx', Number(status >= 400 && status < 500));
    add('5xx', Number(status >= 500));
    add('Latency', ms);
  }
};
