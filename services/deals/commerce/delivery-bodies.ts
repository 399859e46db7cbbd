import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { baseConfig, parseConfig } from '../../../shared/config/config.ts';
import { s3Client } from '../../../shared/config/s3-client.ts';
import { UnreadableDelivery } from '../domain/commerce/order-message.ts';
import type { DeliveryRecord } from './entities.ts';

/** An item holds 400 KB, and is written anew when the delivery is marked. */
const GZIPPED_BYTES = 300 * 1024;
/** More is not even tried: it would take a webhook's time for nothing. */
const RAW_BYTES = 1024 * 1024;

type Kept = Pick<DeliveryRecord, 'body' | 'bodyFile'>;

/** The raw bodies of deliveries: gzipped in their item, or, where they are too large for one, as they are in the bucket. */
export class DeliveryBodies {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** From a function’s environment. Throws ConfigInvalid. */
  static of(env: Readonly<Record<string, string | undefined>>): DeliveryBodies {
    const config = parseConfig(baseConfig.extend({ BUCKET_NAME: z.string().min(1) }), env);
    return new DeliveryBodies(s3Client(config), config.BUCKET_NAME);
  }

  /** What the delivery's item is to have of its body. A file is written before the item that names it, so it is there. */
  async keep({ id, storeId }: Pick<DeliveryRecord, 'id' | 'storeId'>, rawBody: Uint8Array): Promise<Kept> {
    if (rawBody.length <= RAW_BYTES) {
      const body = gzipSync(rawBody);
      if (body.length <= GZIPPED_BYTES) return { body };
    }
    // Named by its content: another body under the same delivery's id does not replace it. Not gzipped, so that a person
    // who is to be erased is found in it.
    const hash = createHash('sha256').update(rawBody).digest('hex').slice(0, 16);
    const bodyFile = `deliveries/deals/${storeId}/${id}/${hash}.json`;
    await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: bodyFile,
        Body: rawBody,
        ContentType: 'application/json',
      }),
    );
    return { bodyFile };
  }

  /** Throws UnreadableDelivery when the file is gone: erased for a person's sake, or past its time. */
  async text({ body, bodyFile }: Kept): Promise<string> {
    if (body !== undefined) return gunzipSync(body).toString('utf8');
    if (bodyFile === undefined) throw new UnreadableDelivery('the delivery has no body');
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: bodyFile }));
      return (await Body?.transformToString('utf-8')) ?? '';
    } catch (cause) {
      if (cause instanceof NoSuchKey)
        throw new UnreadableDelivery('the body was erased, or is past its time', { cause });
      throw cause;
    }
  }
}
