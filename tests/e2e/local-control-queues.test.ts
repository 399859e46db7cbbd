import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsClient } from '../support/aws-client.ts';
import { create } from '../support/sales-organization.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';

const EventList = z.object({ items: z.array(z.looseObject({ 'detail-type': z.string() })) });

let run: LocalRun;
let sqs: SQSClient;
beforeAll(async () => {
  run = await startLocalRun();
  sqs = new SQSClient(awsClient(run, 'sqs'));
});
afterAll(() => run.stop());

const urlOf = async (name: string): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName: `quotaline-dev-${name}` }))).QueueUrl ?? '';

const attributesOf = async (QueueUrl: string) =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};

const receive = async (
  QueueUrl: string,
  options: { VisibilityTimeout?: number; WaitTimeSeconds?: number; MaxNumberOfMessages?: number } = {},
) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], ...options })))
    .Messages ?? [];

describe('SQS of the local run', () => {
  it('knows the queues by their names, their limits and where failed messages go', async () => {
    const { QueueUrls = [] } = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: 'quotaline-dev-metrics-facts' }),
    );
    expect(QueueUrls).toEqual([await urlOf('metrics-facts-dead-letters'), await urlOf('metrics-facts')]);
    const { QueueArn, RedrivePolicy, VisibilityTimeout } = await attributesOf(await urlOf('metrics-facts'));
    expect(QueueArn).toBe('arn:aws:sqs:us-east-1:000000000000:quotaline-dev-metrics-facts');
    expect(JSON.parse(RedrivePolicy ?? '')).toMatchObject({
      deadLetterTargetArn: `${QueueArn ?? ''}-dead-letters`,
      maxReceiveCount: expect.any(Number) as number,
    });
    expect(Number(VisibilityTimeout)).toBeGreaterThan(0);
    await expect(urlOf('metrics-fact')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('hides a received message for its visibility timeout, and brings it back when it was not deleted', async () => {
    const queue = await urlOf('metrics-facts-dead-letters');
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'x' }));
    const [first] = await receive(queue, { VisibilityTimeout: 1 });
    expect(first).toMatchObject({ MessageId, Body: 'x', Attributes: { ApproximateReceiveCount: '1' } });
    expect(await receive(queue)).toEqual([]);
    expect(await attributesOf(queue)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    expect(await run.deadLetters()).toMatchObject([{ messageId: MessageId, body: 'x' }]);
    const [again] = await receive(queue, { WaitTimeSeconds: 10 });
    expect(again).toMatchObject({ MessageId, Attributes: { ApproximateReceiveCount: '2' } });
    // The first receipt is over: its handle deletes nothing any more.
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: first?.ReceiptHandle }));
    expect(await run.deadLetters()).toHaveLength(1);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: again?.ReceiptHandle }));
    expect(await run.deadLetters()).toEqual([]);
  });

  it('gives a message back at once when its visibility is ended', async () => {
    const queue = await urlOf('goals-alerts-dead-letters');
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'x' }));
    const [message] = await receive(queue, { VisibilityTimeout: 3600 });
    const change = (VisibilityTimeout: number) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(0);
    await expect(change(60)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    const [back] = await receive(queue);
    expect(back?.MessageId).toBe(message?.MessageId);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: back?.ReceiptHandle }));
  });

  it('takes and deletes batches, and says which entries it could not', async () => {
    const queue = await urlOf('team-imports-dead-letters');
    const Entries = Array.from({ length: 10 }, (_, n) => ({
      Id: String(n),
      MessageBody: `body ${String(n)}`,
    }));
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
    expect(sent.Successful).toHaveLength(10);
    const messages = await receive(queue, { MaxNumberOfMessages: 10 });
    expect(messages.map(({ Body }) => Body)).toEqual(Entries.map(({ MessageBody }) => MessageBody));
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue,
        Entries: [
          ...messages.slice(1).map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle })),
          { Id: 'wrong', ReceiptHandle: 'none' },
        ],
      }),
    );
    expect(deleted.Successful).toHaveLength(9);
    expect(deleted.Failed).toMatchObject([{ Id: 'wrong', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await run.deadLetters()).toHaveLength(1);
  });

  it('hands a message that was sent by hand to the function of its queue, after its delay', async () => {
    const queue = await urlOf('goals-directory');
    await create(run, '/v1/teams', { name: 'Known already' });
    await run.idle();
    const { items } = EventList.parse(await (await fetch(`${run.url}/_local/events`)).json());
    const event = items.find((item) => item['detail-type'] === 'TeamChanged.v1');
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queue, MessageBody: JSON.stringify(event), DelaySeconds: 1 }),
    );
    expect(await attributesOf(queue)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
    await run.idle();
    expect(await attributesOf(queue)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
    });
  });

  it('refuses what it could not keep, by name', async () => {
    const queue = await urlOf('metrics-facts');
    await expect(
      sqs.send(
        new SendMessageCommand({
          QueueUrl: queue,
          MessageBody: 'x',
          MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
        }),
      ),
    ).rejects.toThrow(/keeps no message attributes/);
    await expect(
      sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 11 })),
    ).rejects.toThrow(/MaxNumberOfMessages/);
  });
});
