import { CopyObjectCommand, DeleteObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { PreconditionFailed } from '../errors/errors.ts';
import type { ImportId } from '../ids/id.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import type { Clock } from '../time/instant.ts';
import { fail, type ImportJob } from './job.ts';
import { Imports, type ImportStorage } from './storage.ts';
import { MAX_UPLOAD_BYTES } from './upload.ts';
import { importOfUpload, uploadKey } from './upload-key.ts';
import type { Stored } from '../dynamodb/entity.ts';

/** What S3 tells the account's own bus of a new object. */
const ObjectCreated = z.object({
  source: z.literal('aws.s3'),
  id: z.string().min(1),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), size: z.int(), etag: z.string() }),
  }),
});
type ObjectCreated = z.infer<typeof ObjectCreated>;

/** What the message tells of a new object; undefined where it tells of anything else. */
export const objectCreated = (body: string): ObjectCreated | undefined => {
  try {
    return ObjectCreated.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
};

const megabytes = (bytes: number): string => `${String(Math.round(bytes / 1024 / 1024))} MB`;

const problemOf = (size: number): string | undefined => {
  if (size === 0) return 'The file is empty: it has no header.';
  if (size > MAX_UPLOAD_BYTES)
    return `The file has ${megabytes(size)}; up to ${megabytes(MAX_UPLOAD_BYTES)} are taken in. Split it, and import the parts.`;
  return undefined;
};

/** Starts imports whose files have arrived. */
export class Arrivals {
  readonly #storage: ImportStorage;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(storage: ImportStorage, clock: Clock, logger: Logger = createLogger()) {
    this.#storage = storage;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Answers the ids of the messages that are to be delivered again. */
  async handle(records: readonly Pick<SQSRecord, 'messageId' | 'body'>[]): Promise<readonly string[]> {
    const failed: string[] = [];
    for (const { messageId, body } of records) {
      const event = objectCreated(body);
      try {
        if (event !== undefined) await this.#arrived(event);
      } catch (error) {
        this.#logger.warn('An upload could not be taken in; it will be delivered again', {
          error,
          messageId,
        });
        failed.push(messageId);
      }
    }
    return failed;
  }

  async #arrived({ id: eventId, detail: { bucket, object } }: ObjectCreated): Promise<void> {
    const { service } = this.#storage;
    const id = bucket.name === this.#storage.bucket ? importOfUpload(service, object.key) : undefined;
    if (id === undefined) return;
    const reader = new Imports(this.#storage, { correlationId: eventId, actor: 'system' });
    const job = await reader.find(id);
    if (job?.status !== 'awaitingUpload') {
      this.#logger.info('A file was uploaded that no import waits for', { importId: id });
      return this.#discard(id);
    }
    const problem = problemOf(object.size);
    if (problem === undefined && !(await this.#takeAway(job, object.etag))) return;
    const imports = new Imports(this.#storage, {
      correlationId: job.startedBy?.correlationId ?? eventId,
      actor: job.startedBy?.actor ?? 'system',
    });
    try {
      await (problem === undefined
        ? imports.save({ ...job, status: 'queued', bytes: object.size, startedAt: this.#clock.now() }, [], {
            goOn: true,
          })
        : imports.save({ ...fail(job, problem, this.#clock), bytes: object.size }, []));
    } catch (error) {
      // The same news twice: the other one has started it.
      if (!(error instanceof PreconditionFailed)) throw error;
    }
    await this.#discard(id);
  }

  /** Copies the file to where the link does not lead. Answers whether this very upload was still there. */
  async #takeAway({ id, file }: Pick<Stored<ImportJob>, 'id' | 'file'>, etag: string): Promise<boolean> {
    const { s3, bucket, service } = this.#storage;
    try {
      await s3.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: file,
          CopySource: `${bucket}/${uploadKey(service, id)}`,
          CopySourceIfMatch: etag,
        }),
      );
      return true;
    } catch (error) {
      // Uploaded anew meanwhile, of which there is news of its own; or erased.
      if (error instanceof S3ServiceException && ['PreconditionFailed', 'NoSuchKey'].includes(error.name))
        return false;
      throw error;
    }
  }

  async #discard(id: ImportId): Promise<void> {
    const { s3, bucket, service } = this.#storage;
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: uploadKey(service, id) }));
  }
}
