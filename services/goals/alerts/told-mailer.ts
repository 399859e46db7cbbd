import { aboutOf } from '../../../shared/observability/about.ts';
import { steps, tellSteps } from '../../../shared/observability/steps.ts';
import type { ConsumerContext, Message } from '../../../shared/events/consumer.ts';
import type { GoalMilestoneReached } from '../../../shared/events/goals.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Mailer } from './mailer.ts';

/** Reached and reverted milestones have one shape. */
type AlertMessage = Pick<Message<typeof GoalMilestoneReached>, 'event' | 'cause' | 'logger'>;

/**
 * A mailer that measures how long each mail's chain took until SES took it; `tell` then writes one line with the mails of
 * the alert, if there were any: ids, never an address.
 */
export const toldMailer = (
  mailer: Mailer,
  { event, cause, logger }: AlertMessage,
  { measure }: Pick<ConsumerContext, 'measure'>,
  clock: Clock,
): { readonly mailer: Mailer; readonly tell: () => void } => {
  const messageIds: string[] = [];
  return {
    async mailer(mail) {
      const messageId = await mailer(mail);
      messageIds.push(messageId);
      if (cause.startedAt !== undefined && event.isReplayed !== true)
        measure('EndToEndLag', Date.parse(clock.now()) - Date.parse(cause.startedAt));
      return messageId;
    },
    tell() {
      if (messageIds.length === 0) return;
      tellSteps(logger, steps.alertMailed, [
        {
          correlationId: cause.correlationId,
          subject: event.data.alertId,
          about: [event.data.goal.id, ...(aboutOf(event.data) ?? [])],
          messageIds,
          recipients: messageIds.length,
        },
      ]);
    },
  };
};
