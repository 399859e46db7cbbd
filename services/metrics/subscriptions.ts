import { directorySubscription } from '../../shared/directory/subscription.ts';
import { KpisRequested } from '../../shared/events/briefings.ts';
import { AccountChanged, dealEvents, orderEvents, ProductChanged } from '../../shared/events/deals.ts';
import { followUpsSubscription } from '../../shared/events/follow-ups.ts';
import { MetricsJobAdvanced } from '../../shared/events/metrics.ts';
import { PersonalDataRequested } from '../../shared/events/privacy.ts';
import { SettingsChangeRequested } from '../../shared/events/settings-change.ts';
import { subscription } from '../../shared/events/subscription.ts';

export const directory = directorySubscription('metrics');

/** Large batches: deals that share buckets are folded into one write of each. */
export const facts = subscription({
  service: 'metrics',
  name: 'facts',
  function: 'facts',
  contracts: [...dealEvents, ...orderEvents, ProductChanged, AccountChanged],
  batchSize: 500,
  batchWindowSeconds: 1,
  maxConcurrency: 2,
});

/** What other services ask metrics by event; jobs. */
export const followUps = followUpsSubscription('metrics', [
  MetricsJobAdvanced,
  PersonalDataRequested,
  KpisRequested,
  SettingsChangeRequested,
]);
