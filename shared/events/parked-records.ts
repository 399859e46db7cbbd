import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Instant } from '../time/instant.ts';
import type { ServiceName } from './contract.ts';

/** A record that can never be published, kept whole until someone looks at it. */
export interface ParkedRecord {
  /** The event's id, or the stream record's where the event can't be read. */
  readonly id: string;
  readonly reason: string;
  readonly record: unknown;
}

export interface ParkedRecords {
  /** Writing the same one again replaces it. */
  park(parked: ParkedRecord, at: Instant): Promise<void>;
}

/** `parked/<service>/<day>/<id>.json` in the bucket. */
export const parkedRecords = (
  client: Pick<S3Client, 'send'>,
  bucket: string,
  service: ServiceName,
): ParkedRecords => ({
  async park(parked, at) {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `parked/${service}/${at.slice(0, 10)}/${parked.id}.json`,
        ContentType: 'application/json',
        Body: JSON.stringify({ ...parked, at }),
      }),
    );
  },
});
