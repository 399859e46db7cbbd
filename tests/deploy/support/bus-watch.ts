import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { BusEvent } from '../../support/system.ts';
import { awsClient } from './aws.ts';
import { ACCOUNT, REGION, type EmulatorAddress } from './emulator.ts';

const Envelope = z.object({ 'detail-type': z.string(), detail: z.unknown() });

const nameFor = (bus: string): string => `watch-of-${bus}`;

/** Puts events on a stack's bus, and sees every event there by a rule and a queue of its own. */
export class BusWatch {
  readonly #events: EventBridgeClient;
  readonly #sqs: SQSClient;
  readonly #bus: string;
  readonly #queueUrl: string;
  readonly #newest = new Map<string, unknown>();

  private constructor(emulator: EmulatorAddress, bus: string, queueUrl: string) {
    this.#events = new EventBridgeClient(awsClient(emulator));
    this.#sqs = new SQSClient(awsClient(emulator));
    this.#bus = bus;
    this.#queueUrl = queueUrl;
  }

  static async start(emulator: EmulatorAddress, bus: string): Promise<BusWatch> {
    const name = nameFor(bus);
    const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
    const mayDeliver = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arn,
        },
      ],
    };
    const { QueueUrl = '' } = await new SQSClient(awsClient(emulator)).send(
      new CreateQueueCommand({ QueueName: name, Attributes: { Policy: JSON.stringify(mayDeliver) } }),
    );
    const watch = new BusWatch(emulator, bus, QueueUrl);
    const pattern = JSON.stringify({ source: [{ prefix: 'quotaline.' }] });
    await watch.#events.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: pattern }));
    const targets = [{ Id: name, Arn: arn }];
    await watch.#events.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: targets }));
    return watch;
  }

  /** @throws Error when one is refused */
  async put(events: readonly BusEvent[]): Promise<void> {
    const { Entries = [] } = await this.#events.send(
      new PutEventsCommand({
        Entries: events.map(({ source, detailType, detail }) => ({
          EventBusName: this.#bus,
          Source: source,
          DetailType: detailType,
          Detail: JSON.stringify(detail),
        })),
      }),
    );
    const refusedOnes = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined);
    if (refusedOnes.length > 0) throw new Error(`events: ${JSON.stringify(refusedOnes)}`);
  }

  /** The detail of the newest event of a type since the start. */
  async newest(detailType: string): Promise<unknown> {
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl: this.#queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) break;
      for (const { Body = '' } of Messages) {
        const event = Envelope.parse(JSON.parse(Body));
        this.#newest.set(event['detail-type'], event.detail);
      }
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }));
    }
    if (!this.#newest.has(detailType)) throw new Error(`no ${detailType} was on the bus`);
    return this.#newest.get(detailType);
  }
  /** Takes the rule off again: a bus that has one can't be deleted. */
  async stop(): Promise<void> {
    const rule = { EventBusName: this.#bus, Rule: nameFor(this.#bus) };
    await this.#events.send(new RemoveTargetsCommand({ ...rule, Ids: [rule.Rule] }));
    await this.#events.send(new DeleteRuleCommand({ EventBusName: this.#bus, Name: rule.Rule }));
    await this.#sqs.send(new DeleteQueueCommand({ QueueUrl: this.#queueUrl }));
  }
}
