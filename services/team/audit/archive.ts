import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AuditEntry } from './entry.ts';

export interface AuditArchive {
  /** Keeps the entries of one batch, which must not be empty. The same batch again replaces itself. */
  keep(entries: readonly AuditEntry[]): Promise<void>;
}

/** `audit/<year>/<month>/<day>/<hash of the event ids>.ndjson.gz`, by the day of the batch’s first event. */
export const auditArchive = (s3: Pick<S3Client, 'send'>, bucket: string): AuditArchive => ({
  async keep(entries) {
    const ordered = entries.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
    const hash = createHash('sha256');
    for (const { eventId } of ordered) hash.update(`${eventId}\n`);
    const day = ordered
      .reduce((first, { at }) => (at < first ? at : first), ordered[0]?.at ?? '')
      .slice(0, 10);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `audit/${day.replaceAll('-', '/')}/${hash.digest('hex').slice(0, 32)}.ndjson.gz`,
        ContentType: 'application/gzip',
        Body: gzipSync(ordered.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
      }),
    );
  },
});
