import { S3Client } from '@aws-sdk/client-s3';
import type { BaseConfig } from './config.ts';

export const s3Client = ({ S3_PATH_STYLE }: Pick<BaseConfig, 'S3_PATH_STYLE'>): S3Client =>
  new S3Client({ forcePathStyle: S3_PATH_STYLE, maxAttempts: 3 });
