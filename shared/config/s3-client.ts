import { S3Client } from '@aws-sdk/client-s3';
import type { BaseConfig } from './config.ts';

export const s3Client = ({ S3_PATH_STYLE }: Pick<BaseConfig, 'S3_PATH_STYLE'>): S3Client =>
  new S3Client({ forcePathStyle: S3_PATH_STYLE, maxAttempts: 3 });

/**
 * For links that others upload by. The other client puts a checksum of the body into a link, and there is no body when it
 * is signed: S3 would refuse whatever is uploaded then.
 */
export const s3LinkClient = ({ S3_PATH_STYLE }: Pick<BaseConfig, 'S3_PATH_STYLE'>): S3Client =>
  new S3Client({ forcePathStyle: S3_PATH_STYLE, requestChecksumCalculation: 'WHEN_REQUIRED' });
