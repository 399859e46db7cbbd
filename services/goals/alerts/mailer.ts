import {
  BadRequestException,
  MessageRejected,
  SendEmailCommand,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { withoutAddresses } from '../../../shared/observability/without-addresses.ts';

export interface OutgoingMail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly correlationId: string;
  readonly alertId: string;
}

/** SES will not take this mail, however often it is tried. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/** Answers the message id. Throws MailRefused for a mail that can never be sent; anything else may pass. */
export type Mailer = (mail: OutgoingMail) => Promise<string>;

const part = (Data: string) => ({ Data, Charset: 'UTF-8' });

/** Mail through SES v2. Whether to try again is the ledger's to decide: give it a client that doesn't by itself. */
export const sesMailer =
  (
    client: Pick<SESv2Client, 'send'>,
    { from, configurationSet }: { readonly from: string; readonly configurationSet?: string | undefined },
  ): Mailer =>
  async ({ to, subject, html, text, correlationId, alertId }) => {
    try {
      const { MessageId } = await client.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to] },
          Content: {
            Simple: {
              Subject: part(subject),
              Body: { Html: part(html), Text: part(text) },
              Headers: [
                { Name: 'X-Quotaline-Correlation-Id', Value: correlationId },
                { Name: 'X-Quotaline-Alert-Id', Value: alertId },
              ],
            },
          },
          ConfigurationSetName: configurationSet,
        }),
      );
      return MessageId ?? 'unknown';
    } catch (error) {
      if (error instanceof MessageRejected || error instanceof BadRequestException)
        throw new MailRefused(`${error.name}: ${withoutAddresses(error.message)}`, { cause: error });
      throw error;
    }
  };
