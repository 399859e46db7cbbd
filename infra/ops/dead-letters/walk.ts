import { ChangeMessageVisibilityCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { AwsClients } from '../aws-clients.ts';
import type { QueueName } from '../stack-names.ts';
import { letterOf, type Letter } from './letter.ts';

/** Long enough to walk over thousands; should this process die, the messages are back after it. */
const HOLD_SECONDS = 120;
/** SQS may hand out again what it has just been given back; after so many batches without news the walk is over. */
const MOST_STALE_BATCHES = 5;

export interface Walk {
  readonly queue: QueueName;
  /** Ends after about so many messages. */
  readonly most?: number;
  /** Those sent later are passed by (milliseconds since 1970): what failed again must not go round for ever. */
  readonly sentBefore?: number;
  readonly signal: AbortSignal;
  /** Says whether the message is gone from the queue by now; any other is given back in the end. */
  readonly visit: (letter: Letter) => Promise<boolean>;
}

/** Shows each message of a queue to `visit`, once. Whatever happens, those that are not gone are given back. */
export const walk = async (
  { sqs }: AwsClients,
  { queue, most, sentBefore, signal, visit }: Walk,
): Promise<void> => {
  const seen = new Set<string>();
  const held = new Map<string, Letter>();
  let stale = 0;
  try {
    while (!signal.aborted && stale < MOST_STALE_BATCHES && seen.size < (most ?? Infinity)) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: HOLD_SECONDS,
          // Long polling asks every server of the queue: an empty answer means empty.
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
          MessageAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) break;
      const letters = Messages.map(letterOf);
      for (const letter of letters) held.set(letter.messageId, letter);
      const fresh = letters
        .filter(({ messageId }) => !seen.has(messageId))
        .filter(({ sentAt }) => sentBefore === undefined || Date.parse(sentAt) < sentBefore)
        .slice(0, most === undefined ? undefined : most - seen.size);
      for (const { messageId } of letters) seen.add(messageId);
      stale = fresh.length === 0 ? stale + 1 : 0;
      const outcomes = await Promise.allSettled(
        fresh.map(async (letter) => {
          if (await visit(letter)) held.delete(letter.messageId);
        }),
      );
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
  } finally {
    await giveBack({ sqs }, queue, [...held.values()]);
  }
};

const giveBack = async (
  { sqs }: Pick<AwsClients, 'sqs'>,
  { url }: QueueName,
  letters: readonly Letter[],
): Promise<void> => {
  const settled = await Promise.allSettled(
    letters.map(({ receipt }) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: receipt, VisibilityTimeout: 0 }),
      ),
    ),
  );
  // One whose hold has run out is back already.
  const failed = settled.find((outcome) => outcome.status === 'rejected' && !isBack(outcome.reason));
  if (failed?.status === 'rejected') throw failed.reason;
};

const isBack = (error: unknown): boolean =>
  error instanceof Error &&
  /MessageNotInflight|InvalidParameterValue|ReceiptHandleIsInvalid/.test(error.name);
