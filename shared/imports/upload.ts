import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ServiceName } from '../events/contract.ts';
import { type Clock, type Instant, instantFrom } from '../time/instant.ts';
import type { ImportJob } from './job.ts';
import { uploadKey } from './upload-key.ts';

/** A link to upload to is good for so long. */
const LINK_SECONDS = 3600;

/** In bytes. A file of this size takes hours; larger ones are better imported in parts. */
export const MAX_UPLOAD_BYTES = 500 * 1024 * 1024;

/** Where the files of a service's imports are. */
export interface ImportFiles {
  readonly s3: S3Client;
  /** Signs links for others; see `s3LinkClient`. */
  readonly links?: S3Client;
  readonly bucket: string;
  readonly service: ServiceName;
}

export const uploadUntil = (clock: Clock): Instant =>
  instantFrom(Date.parse(clock.now()) + LINK_SECONDS * 1000);

const secondsLeft = ({ uploadUntil: until }: Pick<ImportJob, 'uploadUntil'>, clock: Clock): number =>
  until === undefined ? 0 : Math.floor((Date.parse(until) - Date.parse(clock.now())) / 1000);

/** A link for one PUT of the file, to this key and no other; undefined once its time is over, or the file is there. */
export const uploadUrl = async (
  { s3, links = s3, bucket, service }: ImportFiles,
  job: Pick<ImportJob, 'id' | 'status' | 'uploadUntil'>,
  clock: Clock,
): Promise<string | undefined> => {
  const expiresIn = secondsLeft(job, clock);
  if (job.status !== 'awaitingUpload' || expiresIn <= 0) return undefined;
  const command = new PutObjectCommand({ Bucket: bucket, Key: uploadKey(service, job.id) });
  return getSignedUrl(links, command, { expiresIn, signingDate: new Date(Date.parse(clock.now())) });
};

/** The job as a reader sees it: one whose file never came has failed, though nobody wrote that down. */
export const asOfNow = <Job extends ImportJob>(job: Job, clock: Clock): Job =>
  job.status === 'awaitingUpload' && secondsLeft(job, clock) <= 0
    ? {
        ...job,
        status: 'failed',
        problem: `Nothing was uploaded by ${String(job.uploadUntil)}. Start another import.`,
      }
    : job;
