import type { Runbook } from '../../infra/runbooks.ts';

/** How an alarm is tried out: in which drill, or why it can't be raised in the local run and what shows its cause instead. */
export type Practice =
  | { readonly runbook: Runbook; readonly drill: string }
  | { readonly runbook: Runbook; readonly notHere: string };

/** By the end of an alarm's name; the first that fits. */
const PRACTICE: readonly (readonly [RegExp, Practice])[] = [
  [/-dead-letters$/, { runbook: 'dead-letters', drill: 'dead-letters' }],
  [/-waiting$/, { runbook: 'waiting', drill: 'waiting' }],
  [/-relay-lag$/, { runbook: 'relay-lag', drill: 'relay-lag' }],
  [/-parked$/, { runbook: 'parked', drill: 'parked' }],
  [/-api-failures$/, { runbook: 'api-failures', drill: 'errors' }],
  [/-mail-failures$/, { runbook: 'mail-failures', drill: 'mail' }],
  [/-mail-(bounces|complaints)$/, { runbook: 'mail-reputation', drill: 'mail' }],
  [/-(webhooks-(rejected|unreadable)|stores-silent)$/, { runbook: 'webhooks', drill: 'webhooks' }],
  [/-canary$/, { runbook: 'canary', drill: 'canary' }],
  [/-canary-errors$/, { runbook: 'errors', drill: 'canary' }],
  [/-canary-throttles$/, { runbook: 'throttles', drill: 'canary' }],
  [
    /-table-throttles$/,
    {
      runbook: 'table-throttles',
      notHere:
        'the local table engine never throttles; what a throttled write answers is held by tests/unit/http/bad-input.test.ts',
    },
  ],
  [
    /-lost-events$/,
    {
      runbook: 'lost-events',
      notHere:
        'locally an event lies in the queues of its rules before the bus takes it, so none gets lost between them; tests/infra/dead-ends.test.ts holds the way out on AWS',
    },
  ],
  [/-errors$/, { runbook: 'errors', drill: 'errors' }],
  [/-throttles$/, { runbook: 'throttles', drill: 'errors' }],
];

/** Undefined for an alarm that nobody has decided about. */
export const practiceOf = (alarm: string): Practice | undefined =>
  PRACTICE.find(([ends]) => ends.test(alarm))?.[1];
