import { randomUUID } from 'node:crypto';
import type { BusEntry } from '../bus.ts';
import { ACCOUNT } from '../local-names.ts';
import type { CreatedObject } from './objects.ts';

/** What S3 tells the account's own bus of a new object. */
export const objectCreated = ({ bucket, key, size, etag, reason }: CreatedObject): BusEntry => ({
  bus: 'default',
  source: 'aws.s3',
  detailType: 'Object Created',
  resources: [`arn:aws:s3:::${bucket}`],
  detail: JSON.stringify({
    version: '0',
    bucket: { name: bucket },
    object: { key, size, etag, sequencer: Date.now().toString(16).toUpperCase() },
    'request-id': randomUUID(),
    requester: ACCOUNT,
    'source-ip-address': '127.0.0.1',
    reason,
  }),
});
