import type { SQSRecord } from 'aws-lambda';
import type { EventContract } from '../../shared/events/contract.ts';
import { instantFrom } from '../../shared/time/instant.ts';

/** A queue's message that holds an event of this contract, as the bus delivers it. */
export const sqsRecord = (
  { source, detailType }: Pick<EventContract, 'source' | 'detailType'>,
  {
    data,
    ...metadata
  }: { readonly id: string; readonly subject: string; readonly version?: number; readonly data: unknown },
  receiveCount = 1,
): SQSRecord => ({
  messageId: metadata.id,
  receiptHandle: '',
  body: JSON.stringify({
    source,
    'detail-type': detailType,
    detail: {
      metadata: { time: instantFrom(0), correlationId: 'test', actor: 'system', version: 1, ...metadata },
      data,
    },
  }),
  attributes: {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: '0',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: '',
  awsRegion: 'eu-west-1',
});
