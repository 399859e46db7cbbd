import { SESv2Client } from '@aws-sdk/client-sesv2';
import * as z from 'zod';
import { baseConfig, parseConfig } from '../../../shared/config/config.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { consumer } from '../../../shared/events/consumer.ts';
import { systemClock } from '../../../shared/time/instant.ts';
import { deliver } from '../alerts/deliver.ts';
import { sesMailer } from '../alerts/mailer.ts';
import { toldMailer } from '../alerts/told-mailer.ts';
import { goalsTable } from '../store.ts';
import { alertEntity, goalEntity } from '../store/entities.ts';
import { alerts as subscription } from '../subscriptions.ts';

const config = parseConfig(
  baseConfig.extend({
    MAIL_FROM: z.string().min(1),
    MAIL_CONFIGURATION_SET: z.string().min(1).optional(),
    PUBLIC_URL: z.string().min(1),
  }),
  process.env,
);
const table = goalsTable(process.env);
const directory = new Directory(table);
const mailer = sesMailer(new SESv2Client({ maxAttempts: 1 }), {
  from: config.MAIL_FROM,
  configurationSet: config.MAIL_CONFIGURATION_SET,
});

export const handler = consumer({
  subscription,
  handle: async (messages, context) => {
    const outcomes = await Promise.allSettled(
      messages.map(async (message) => {
        const { event, cause } = message;
        const told = toldMailer(mailer, message, context, systemClock);
        const delivered = deliver(event.data.alertId, {
          alerts: new Repository(table, alertEntity, cause),
          goals: new Repository(table, goalEntity, cause),
          directory: async () => directory.snapshot(),
          mailer: told.mailer,
          clock: systemClock,
          publicUrl: config.PUBLIC_URL,
          count: context.count,
        });
        return delivered.finally(told.tell);
      }),
    );
    return {
      failed: outcomes.flatMap((outcome, index) => {
        const message = messages[index];
        if (outcome.status === 'fulfilled' || message === undefined) return [];
        message.logger.warn('An alert could not be mailed; it will be tried again', {
          error: outcome.reason,
        });
        return [message.messageId];
      }),
    };
  },
});
