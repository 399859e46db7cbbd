import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { counted } from './counted.ts';

/** The internet tries addresses and signatures all day; so many in five minutes are a store of ours with a wrong secret. */
const REJECTED = 20;

/** Stores whose orders don't come in: nothing fails, for each webhook has been answered. */
export class WebhookAlarms extends Construct {
  constructor(scope: Construct, id: string, alarms: Alarms) {
    super(scope, id);
    alarms.raise(this, 'Rejected', {
      name: 'webhooks-rejected',
      says: 'Many webhooks are refused for their signature. Compare the secret of the store with what its platform signs with.',
      runbook: 'webhooks',
      metric: counted('WebhookRejected', 'deals', Duration.minutes(5)),
      above: REJECTED,
      periods: 2,
    });
    alarms.raise(this, 'Unreadable', {
      name: 'webhooks-unreadable',
      says: 'Signed webhooks could not be read as orders. They are kept for 30 days.',
      runbook: 'webhooks',
      metric: counted('UnreadableDeliveries', 'deals'),
      above: 0,
    });
    alarms.raise(this, 'Silent', {
      name: 'stores-silent',
      says: 'A store has sent nothing for longer than it is expected to. Look at its health, then at its webhooks in the platform’s admin.',
      runbook: 'webhooks',
      metric: counted('SilentStores', 'deals', Duration.hours(1)),
      above: 0,
    });
  }
}
