import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { NotYet } from '../../../shared/errors/errors.ts';
import { AlertSent } from '../../../shared/events/goals.ts';
import type { AlertId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { Alert, Recipient } from '../domain/alert.ts';
import { claim, isClaimed, isSettled, markFailed, markSent, release, sentOf } from '../domain/delivery.ts';
import type { Goal } from '../domain/goal.ts';
import { recipientsOf } from '../domain/recipients.ts';
import { scopeName } from '../domain/scope.ts';
import { htmlOf } from '../mail/alert-mail.tsx';
import { contentOf } from '../mail/content.ts';
import { textOf } from '../mail/text.ts';
import { type Mailer, MailRefused, type OutgoingMail } from './mailer.ts';

export interface DeliveryDeps {
  readonly alerts: Pick<Repository<Alert>, 'get' | 'save'>;
  readonly goals: Pick<Repository<Goal>, 'get'>;
  readonly directory: () => Promise<DirectorySnapshot>;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly count: (name: 'MailsSent' | 'MailsFailed' | 'DuplicateEvents') => void;
}

/**
 * Mails a ledger entry to everyone it concerns who hasn't got it yet. The ledger is written before SES is called and after it
 * answered, for each mail; so a repetition mails nobody twice, unless a run died, or SES's answer was lost, between the two.
 * @throws NotYet while another run is at it; whatever SES throws that may pass, with the mails left to a later attempt
 */
export const deliver = async (id: AlertId, deps: DeliveryDeps): Promise<void> => {
  const { alerts, goals, clock, count } = deps;
  const found = await alerts.get(id);
  if (isSettled(found)) {
    count('DuplicateEvents');
    return;
  }
  if (isClaimed(found, clock.now())) throw new NotYet(`The mails of ${id} are on their way.`);
  const [goal, directory] = await Promise.all([goals.get(found.goalId), deps.directory()]);
  const today = dayOf(clock.now(), directory.organization.timeZone);
  let alert = await save(claim(found, recipientsOf(goal, directory, today), clock.now()), deps);
  for (const recipient of alert.recipients.filter(({ state }) => state === 'sending')) {
    alert = await deliverOne(alert, recipient, directory, deps);
  }
};

const deliverOne = async (
  alert: Stored<Alert>,
  { memberId, role }: Recipient,
  directory: DirectorySnapshot,
  deps: DeliveryDeps,
): Promise<Stored<Alert>> => {
  const { mailer, clock, count } = deps;
  const mail = mailFor(alert, { memberId, role }, directory, deps.publicUrl);
  if (mail === undefined)
    return save(markFailed(alert, memberId, 'has no address any more', clock.now()), deps);
  let messageId: string;
  try {
    messageId = await mailer(mail);
  } catch (error) {
    if (error instanceof MailRefused) {
      count('MailsFailed');
      return save(markFailed(alert, memberId, error.message, clock.now()), deps);
    }
    await save(release(alert, error instanceof Error ? error.name : 'unknown', clock.now()), deps);
    throw error;
  }
  count('MailsSent');
  return save(markSent(alert, memberId, messageId, clock.now()), deps);
};

/** With the last mail's fate goes the event that tells who was mailed. */
const save = async (alert: Stored<Alert>, { alerts }: DeliveryDeps): Promise<Stored<Alert>> => {
  const change = sentOf(alert);
  return alerts.save(alert, change === undefined ? [] : { contract: AlertSent, change });
};

const mailFor = (
  alert: Alert,
  { memberId, role }: Pick<Recipient, 'memberId' | 'role'>,
  directory: DirectorySnapshot,
  publicUrl: string,
): OutgoingMail | undefined => {
  const member = directory.member(memberId);
  if (member?.email === undefined || member.status === 'departed') return undefined;
  const { organization } = directory;
  const content = contentOf(alert, {
    organization: organization.name,
    scopeName: scopeName(alert.scope, directory),
    currency: alert.currency ?? organization.reportingCurrency,
    role,
    publicUrl,
  });
  return {
    to: member.email,
    subject: content.subject,
    html: htmlOf(content),
    text: textOf(content),
    correlationId: alert.correlationId,
    alertId: alert.id,
  };
};
