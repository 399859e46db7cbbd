/** What someone who is woken by an alarm reads: `infra/runbooks/<name>.md`. */
export const runbooks = [
  'api-failures',
  'canary',
  'dead-letters',
  'errors',
  'lost-events',
  'mail-failures',
  'mail-reputation',
  'parked',
  'relay-lag',
  'table-throttles',
  'throttles',
  'waiting',
  'webhooks',
] as const;

export type Runbook = (typeof runbooks)[number];
