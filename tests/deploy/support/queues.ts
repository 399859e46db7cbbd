import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { parsed } from '../../support/http-calls.ts';
import type { DeadLetter } from '../../support/system.ts';
import { awsClient } from './aws.ts';
import type { EmulatorAddress } from './emulator.ts';

const isDeadLetters = (url: string): boolean => url.endsWith('-dead-letters');
const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** The queues of one stack, seen through SQS. */
export class StackQueues {
  readonly #sqs: SQSClient;
  readonly #stack: string;

  constructor(emulator: EmulatorAddress, stack: string) {
    this.#sqs = new SQSClient(awsClient(emulator));
    this.#stack = stack;
  }

  /** By queue, how many messages are waiting, being handled or delayed; dead letters are no work. */
  async work(): Promise<ReadonlyMap<string, number>> {
    const work = new Map<string, number>();
    for (const url of (await this.#urls()).filter((each) => !isDeadLetters(each))) {
      const { Attributes = {} } = await this.#sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      );
      const {
        ApproximateNumberOfMessages: waiting = '0',
        ApproximateNumberOfMessagesNotVisible: inFlight = '0',
        ApproximateNumberOfMessagesDelayed: delayed = '0',
      } = Attributes;
      work.set(nameOf(url), Number(waiting) + Number(inFlight) + Number(delayed));
    }
    return work;
  }

  /** Looks at every dead letter and puts it back. */
  async deadLetters(): Promise<readonly DeadLetter[]> {
    const found: DeadLetter[] = [];
    for (const url of (await this.#urls()).filter(isDeadLetters)) {
      const messages = await this.#receiveAll(url);
      for (const { ReceiptHandle } of messages) {
        const back = { QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 };
        await this.#sqs.send(new ChangeMessageVisibilityCommand(back));
      }
      found.push(
        ...messages.map(({ MessageId = '', Body = '' }) => ({
          queue: nameOf(url),
          messageId: MessageId,
          body: parsed(Body),
        })),
      );
    }
    return found;
  }

  async #urls(): Promise<readonly string[]> {
    const { QueueUrls = [] } = await this.#sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: `${this.#stack}-`, MaxResults: 1000 }),
    );
    return QueueUrls;
  }

  async #receiveAll(QueueUrl: string): Promise<readonly Message[]> {
    const all: Message[] = [];
    for (;;) {
      const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 };
      const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand(receive));
      if (Messages.length === 0) return all;
      all.push(...Messages);
    }
  }
}
