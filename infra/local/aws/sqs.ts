import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { named, nameIn, queueUrl } from '../local-names.ts';
import { UnknownReceipt, type QueueReceipts, type ReceivedMessage } from '../queue-receipts.ts';
import type { Queues } from '../queues.ts';
import type { QueueSpec } from '../stack-messaging.ts';
import { AwsError, noSuchOperation } from './aws-error.ts';

const BATCH = 10;
const MESSAGE_BYTES = 1_048_576;
const LONGEST_HIDDEN_SECONDS = 43_200;
const LONGEST_DELAY_SECONDS = 900;
/** How often a receiver that waits for messages looks again. */
const LOOK_EVERY_MS = 100;

const Hidden = z.int().min(0).max(LONGEST_HIDDEN_SECONDS);
const OfQueue = z.object({ QueueUrl: z.string() });
const Receive = OfQueue.extend({
  MaxNumberOfMessages: z.int().min(1).max(BATCH).default(1),
  VisibilityTimeout: Hidden.optional(),
  WaitTimeSeconds: z.int().min(0).max(20).default(0),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
});
const Sent = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(0).max(LONGEST_DELAY_SECONDS).default(0),
  // Nothing in the stack sends them, and a message that lost them on its way would be another one.
  MessageAttributes: z.undefined({ error: 'the local run keeps no message attributes' }).optional(),
});
const Named = z.object({ Id: z.string() });
const batchOf = <Entry extends z.ZodType>(entry: Entry) =>
  OfQueue.extend({ Entries: z.array(z.intersection(Named, entry)).min(1).max(BATCH) });
const Deleted = z.object({ ReceiptHandle: z.string() });
const Changed = Deleted.extend({ VisibilityTimeout: Hidden });
const Attributes = OfQueue.extend({ AttributeNames: z.array(z.string()).default([]) });
const List = z.object({ QueueNamePrefix: z.string().default('') });
type Sent = z.infer<typeof Sent>;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const arnOf = (queue: string): string => named['AWS::SQS::Queue']?.arn(queue) ?? queue;

/** Of what there is, what was asked for. */
const chosen = (there: Readonly<Record<string, string>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(there).filter(([name]) => names.includes('All') || names.includes(name)));

const messageAnswer = (message: ReceivedMessage, names: readonly string[]) => {
  const attributes = chosen(
    {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: 'local',
    },
    names,
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }),
  };
};

/** SQS for whoever looks after queues by hand: dead letters above all. Functions get their messages from mappings. */
export class Sqs {
  readonly #queues: Queues;
  readonly #receipts: QueueReceipts;

  constructor(queues: Queues, receipts: QueueReceipts) {
    this.#queues = queues;
    this.#receipts = receipts;
  }

  /** Runs one operation of the API. Throws AwsError. */
  readonly call = (operation: string, input: unknown): unknown => {
    switch (operation) {
      case 'ReceiveMessage':
        return this.#receive(Receive.parse(input));
      case 'DeleteMessage':
        return this.#delete(this.#queueOf(input), Deleted.parse(input));
      case 'DeleteMessageBatch':
        return this.#eachOf(batchOf(Deleted).parse(input), (queue, entry) => this.#delete(queue, entry));
      case 'ChangeMessageVisibility':
        return this.#change(this.#queueOf(input), Changed.parse(input));
      case 'ChangeMessageVisibilityBatch':
        return this.#eachOf(batchOf(Changed).parse(input), (queue, entry) => this.#change(queue, entry));
      case 'SendMessage':
        return this.#send(this.#queueOf(input), Sent.parse(input));
      case 'SendMessageBatch':
        return this.#eachOf(batchOf(Sent).parse(input), (queue, entry) => this.#send(queue, entry));
      case 'GetQueueAttributes':
        return this.#attributes(Attributes.parse(input));
      case 'GetQueueUrl': {
        const { QueueName } = z.object({ QueueName: z.string() }).parse(input);
        return { QueueUrl: queueUrl(this.#spec(QueueName).name) };
      }
      case 'ListQueues': {
        const { QueueNamePrefix } = List.parse(input);
        const names = this.#queues.names().filter((name) => name.startsWith(QueueNamePrefix));
        return { QueueUrls: names.map(queueUrl) };
      }
      default:
        throw noSuchOperation('SQS', operation);
    }
  };

  #spec(name: string): QueueSpec {
    const spec = this.#queues.spec(name);
    if (spec === undefined)
      throw new AwsError('QueueDoesNotExist', `The specified queue does not exist: ${name}.`);
    return spec;
  }

  #queueOf(input: unknown): string {
    return this.#spec(nameIn(OfQueue.parse(input).QueueUrl)).name;
  }

  async #receive(input: z.infer<typeof Receive>): Promise<unknown> {
    const spec = this.#spec(nameIn(input.QueueUrl));
    const hiddenMs = (input.VisibilityTimeout ?? spec.visibilityTimeoutSeconds) * 1000;
    const until = Date.now() + input.WaitTimeSeconds * 1000;
    for (;;) {
      const messages = this.#receipts.receive(spec.name, input.MaxNumberOfMessages, hiddenMs);
      if (messages.length > 0 || Date.now() >= until) {
        const names = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
        return messages.length === 0
          ? {}
          : { Messages: messages.map((message) => messageAnswer(message, names)) };
      }
      await delay(LOOK_EVERY_MS);
    }
  }

  #send(queue: string, { MessageBody, DelaySeconds }: Sent) {
    if (Buffer.byteLength(MessageBody) > MESSAGE_BYTES)
      throw new AwsError(
        'InvalidParameterValue',
        'One or more parameters are invalid: MessageBody is over 1 MB.',
      );
    const [id] = this.#queues.send([{ queue, body: MessageBody, delayMs: DelaySeconds * 1000 }]);
    return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
  }

  #delete(queue: string, { ReceiptHandle }: z.infer<typeof Deleted>) {
    known(() => this.#receipts.remove(queue, ReceiptHandle));
    return {};
  }

  #change(queue: string, { ReceiptHandle, VisibilityTimeout }: z.infer<typeof Changed>) {
    const wasHidden = known(() => this.#receipts.hide(queue, ReceiptHandle, VisibilityTimeout * 1000));
    if (!wasHidden)
      throw new AwsError(
        'MessageNotInflight',
        'The specified message is not in flight by this receipt handle.',
      );
    return {};
  }

  /** Each entry by itself: what one is refused for says its `Failed`. */
  #eachOf<Entry extends { readonly Id: string }>(
    { QueueUrl, Entries }: { readonly QueueUrl: string; readonly Entries: readonly Entry[] },
    act: (queue: string, entry: Entry) => object,
  ) {
    const queue = this.#spec(nameIn(QueueUrl)).name;
    if (new Set(Entries.map(({ Id }) => Id)).size < Entries.length)
      throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const entry of Entries) {
      try {
        Successful.push({ Id: entry.Id, ...act(queue, entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
      }
    }
    return { Successful, Failed };
  }

  #attributes({ QueueUrl, AttributeNames }: z.infer<typeof Attributes>) {
    const spec = this.#spec(nameIn(QueueUrl));
    const { visible, inFlight, delayed } = this.#queues.counts(spec.name);
    const { deadLetterQueue, maxReceiveCount } = spec;
    const there = {
      QueueArn: arnOf(spec.name),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      VisibilityTimeout: String(spec.visibilityTimeoutSeconds),
      ...(deadLetterQueue === undefined
        ? {}
        : {
            RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(deadLetterQueue), maxReceiveCount }),
          }),
    };
    return { Attributes: chosen(there, AttributeNames) };
  }
}

const known = <Result>(act: () => Result): Result => {
  try {
    return act();
  } catch (error) {
    if (error instanceof UnknownReceipt) throw new AwsError('ReceiptHandleIsInvalid', error.message);
    throw error;
  }
};
