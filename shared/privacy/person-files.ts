import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import { baseConfig, parseConfig } from '../config/config.ts';
import { s3Client } from '../config/s3-client.ts';
import { names } from './naming.ts';

/** In characters; no file of ours has longer ones, and none is held. */
const LONGEST_LINE = 8 * 1024 * 1024;

/** Files looked into in one page of a job, and how many of them at once. */
const PAGE = 40;
const AT_ONCE = 4;

export interface FilePage {
  /** Keys of the files that hold the person. */
  readonly found: readonly string[];
  /** The key to go on after; absent when there are no more. */
  readonly next?: string;
}

/** The bucket, as far as it may hold a person: what is looked through, what is deleted, and what is handed out. */
export class PersonFiles {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** From a function’s environment. Throws ConfigInvalid. */
  static of(env: Readonly<Record<string, string | undefined>>): PersonFiles {
    const config = parseConfig(baseConfig.extend({ BUCKET_NAME: z.string().min(1) }), env);
    return new PersonFiles(s3Client(config), config.BUCKET_NAME);
  }

  /** Looks through the files under a prefix whose keys come after `after`. */
  async search(prefix: string, terms: readonly string[], after: string | undefined): Promise<FilePage> {
    const { Contents = [] } = await this.#s3.send(
      new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        StartAfter: after,
        MaxKeys: PAGE + 1,
      }),
    );
    // Not everything that speaks S3 knows where to start.
    const keys = Contents.flatMap(({ Key }) => Key ?? []).filter((key) => after === undefined || key > after);
    const page = keys.slice(0, PAGE);
    const hold = await mapConcurrently(page, AT_ONCE, async (key) => this.#holds(key, terms));
    const found = page.filter((_, index) => hold[index]);
    const next = keys.length > PAGE ? page.at(-1) : undefined;
    return next === undefined ? { found } : { found, next };
  }

  async delete(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  async put(key: string, content: unknown): Promise<void> {
    await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        ContentType: 'application/json',
        Body: JSON.stringify(content, undefined, 2),
      }),
    );
  }

  /** Reads line by line, for an uploaded import may have hundreds of megabytes; not for one that has gone since it was listed. */
  async #holds(key: string, terms: readonly string[]): Promise<boolean> {
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      if (Body === undefined) return false;
      const decoder = new TextDecoder();
      let held = '';
      for await (const chunk of Body.transformToWebStream() as AsyncIterable<Uint8Array>) {
        const text = held + decoder.decode(chunk, { stream: true });
        // Cut where no name is: a part of a longer word is nobody's.
        const end = text.length > LONGEST_LINE ? text.length : text.lastIndexOf('\n') + 1;
        if (end > 0 && names(text.slice(0, end), terms)) return true;
        held = text.slice(end);
      }
      return names(held, terms);
    } catch (error) {
      if (error instanceof NoSuchKey) return false;
      throw error;
    }
  }
}
