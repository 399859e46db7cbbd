import { KEPT_MS, type RecordMetric } from './metric-store.ts';
import type { Look } from './watch.ts';

/** SES's own addresses to try with: mail to the first comes back, mail to the second is taken for spam. */
const BOUNCES = 'bounce@simulator.amazonses.com';
const COMPLAINS = 'complaint@simulator.amazonses.com';

const metric = (configurationSet: string, name: string) => ({
  namespace: 'AWS/SES',
  name,
  dimensions: { 'ses:configuration-set': configurationSet },
});

/**
 * The share of mails that bounce or are reported as spam, of those of the last three hours. On AWS, mails to the simulator's addresses do
 * not harm a reputation; here they stand for people who do.
 */
export class MailReputation {
  readonly #sets = new Set<string>();

  /** One mail was accepted. */
  sent(configurationSet: string, recipients: readonly string[], record: RecordMetric): void {
    this.#sets.add(configurationSet);
    record(metric(configurationSet, 'Send'), 1);
    record(metric(configurationSet, 'Bounce'), Number(recipients.includes(BOUNCES)));
    record(metric(configurationSet, 'Complaint'), Number(recipients.includes(COMPLAINS)));
  }

  readonly look: Look = (store) => (at) => {
    for (const set of this.#sets) {
      const sum = (name: string) => store.value(metric(set, name), 'Sum', at - KEPT_MS, at + 1) ?? 0;
      const sent = sum('Send');
      if (sent === 0) continue;
      store.observe(metric(set, 'Reputation.BounceRate'), sum('Bounce') / sent, at);
      store.observe(metric(set, 'Reputation.ComplaintRate'), sum('Complaint') / sent, at);
    }
  };
}
