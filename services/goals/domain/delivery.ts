import type { MemberId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import type { Alert, Recipient } from './alert.ts';

/** Longer than the alerts function may run: a claim older than this was left by one that is gone. */
const CLAIM_SECONDS = 60;

const isOpen = ({ state }: Recipient): boolean => state === 'pending' || state === 'sending';

/** Whether every mail of the alert has had its fate. */
export const isSettled = (alert: Alert): boolean => !['pending', 'sending'].includes(alert.state);

/** Who has got the alert's mail, and when the last one went out; undefined until all have had their fate, or for nobody. */
export const sentOf = (alert: Alert) => {
  const sent = alert.recipients.filter(({ state }) => state === 'sent');
  if (!isSettled(alert) || sent.length === 0) return undefined;
  const sentAt = sent
    .map(({ at }) => at ?? alert.at)
    .toSorted()
    .at(-1);
  return { alertId: alert.id, recipientIds: sent.map(({ memberId }) => memberId), sentAt };
};

/** Whether another run is sending the alert at this moment, as far as the ledger tells. */
export const isClaimed = ({ recipients }: Alert, now: Instant): boolean =>
  recipients.some(
    ({ state, at }) =>
      state === 'sending' && at !== undefined && Date.parse(now) - Date.parse(at) < CLAIM_SECONDS * 1000,
  );

const stateOf = (recipients: readonly Recipient[]): Alert['state'] => {
  if (recipients.some(({ state }) => state === 'sending')) return 'sending';
  if (recipients.some(({ state }) => state === 'pending')) return 'pending';
  if (recipients.some(({ state }) => state === 'failed')) return 'failed';
  return recipients.some(({ state }) => state === 'sent') ? 'sent' : 'skipped';
};

const settle = <T extends Alert>(alert: T, recipients: readonly Recipient[], now: Instant): T => {
  const state = stateOf(recipients);
  return { ...alert, recipients: [...recipients], state, ...(state === 'sent' && { sentAt: now }) };
};

/**
 * Takes hold of all mails that have not gone out, before any of them does. The recipients are those of the first claim: a
 * retry mails nobody who was not meant before.
 */
export const claim = <T extends Alert>(alert: T, recipients: readonly Recipient[], now: Instant): T =>
  settle(
    alert,
    (alert.recipients.length > 0 ? alert.recipients : recipients).map((recipient) =>
      isOpen(recipient)
        ? { ...recipient, state: 'sending', attempts: recipient.attempts + 1, at: now }
        : recipient,
    ),
    now,
  );

const replaced = <T extends Alert>(alert: T, memberId: MemberId, fate: Partial<Recipient>, now: Instant): T =>
  settle(
    alert,
    alert.recipients.map((recipient) =>
      recipient.memberId === memberId ? { ...recipient, reason: undefined, ...fate, at: now } : recipient,
    ),
    now,
  );

export const markSent = <T extends Alert>(alert: T, memberId: MemberId, messageId: string, now: Instant): T =>
  replaced(alert, memberId, { state: 'sent', messageId }, now);

/** SES will never take this mail. */
export const markFailed = <T extends Alert>(alert: T, memberId: MemberId, reason: string, now: Instant): T =>
  replaced(alert, memberId, { state: 'failed', reason }, now);

/** Gives back what was claimed and not sent, so that the next attempt may go at it at once. */
export const release = <T extends Alert>(alert: T, reason: string, now: Instant): T =>
  settle(
    alert,
    alert.recipients.map((recipient) =>
      recipient.state === 'sending' ? { ...recipient, state: 'pending', reason, at: now } : recipient,
    ),
    now,
  );
