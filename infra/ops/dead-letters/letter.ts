import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';

/** A dead letter: what SQS says of it, and what can be read of the event in it. */
export interface Letter {
  readonly messageId: string;
  readonly receipt: string;
  readonly body: string;
  /** RFC 3339. */
  readonly sentAt: string;
  readonly receiveCount: number;
  /** Undefined where the body isn’t an event of the bus. */
  readonly detailType: string | undefined;
  readonly subject: string | undefined;
  readonly eventId: string | undefined;
  readonly correlationId: string | undefined;
  /** Why the rule could not deliver it; undefined when the consumer could not handle it. */
  readonly undelivered: string | undefined;
}

const Text = z.string().optional().catch(undefined);
const Metadata = z.object({ id: Text, subject: Text, correlationId: Text });
/** Read as far as it goes: an invalid event is the very reason for many a dead letter. */
const Body = z.object({
  'detail-type': Text,
  detail: z
    .object({ metadata: Metadata.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
};

export const letterOf = (message: Message): Letter => {
  const {
    MessageId = '',
    ReceiptHandle = '',
    Body: body = '',
    Attributes = {},
    MessageAttributes = {},
  } = message;
  const event = Body.safeParse(parsed(body)).data;
  const metadata = event?.detail?.metadata;
  const code = MessageAttributes.ERROR_CODE?.StringValue;
  const said = MessageAttributes.ERROR_MESSAGE?.StringValue;
  return {
    messageId: MessageId,
    receipt: ReceiptHandle,
    body,
    sentAt: new Date(Number(Attributes.SentTimestamp ?? 0)).toISOString(),
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 0),
    detailType: event?.['detail-type'],
    subject: metadata?.subject,
    eventId: metadata?.id,
    correlationId: metadata?.correlationId,
    undelivered:
      code === undefined ? undefined : [code, said].filter((text) => text !== undefined).join(': '),
  };
};

/** Whether `--only` means this one. */
export const isMeant = (letter: Letter, only: string | undefined): boolean =>
  only === undefined ||
  [letter.messageId, letter.eventId, letter.subject, letter.detailType, letter.correlationId].includes(only);

/** `DealWon.v1 × 3, DealLost.v1 × 1` */
export const countsByType = (letters: readonly Letter[]): string => {
  const groups = Map.groupBy(letters, ({ detailType }) => detailType ?? 'not an event');
  return [...groups]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([type, of]) => `${type} × ${of.length}`)
    .join(', ');
};
