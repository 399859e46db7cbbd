import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as z from 'zod';
import type { Objects } from './aws/objects.ts';
import type { LocalClock } from './clock.ts';
import type { RunnerState } from './state.ts';

const SETTING = 'table exports';
/** DynamoDB makes as many files as it sees fit; here a file holds at most this many items. */
const ITEMS_IN_FILE = 5_000;

/** Times are milliseconds since the epoch, by the local clock. */
const Export = z.object({
  arn: z.string(),
  tableArn: z.string(),
  status: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']),
  bucket: z.string(),
  prefix: z.string(),
  exportTime: z.number(),
  startTime: z.number(),
  endTime: z.number().optional(),
  itemCount: z.number(),
  bytes: z.number(),
  manifest: z.string().optional(),
  failure: z.string().optional(),
});
export type Export = z.infer<typeof Export>;

export interface NewExport {
  readonly tableArn: string;
  readonly bucket: string;
  /** Below which the files lie; none when empty. */
  readonly prefix: string;
  readonly exportTime: number;
  /** DynamoDB JSON, one text an item. */
  readonly items: readonly string[];
}

const compressed = promisify(gzip);
const md5 = (body: string | Uint8Array): string => createHash('md5').update(body).digest('base64');

/** Writes tables into a bucket in the background, in the files that DynamoDB writes: gzipped JSON lines and their manifests. */
export class TableExports {
  readonly #state: RunnerState;
  readonly #objects: Objects;
  readonly #clock: LocalClock;
  readonly #exports = new Map<string, Export>();
  #isStopped = false;

  /** What a former run has not finished has failed. */
  constructor(state: RunnerState, objects: Objects, clock: LocalClock) {
    this.#state = state;
    this.#objects = objects;
    this.#clock = clock;
    for (const one of z.array(Export).parse(JSON.parse(state.setting(SETTING) ?? '[]'))) {
      const isCut = one.status === 'IN_PROGRESS';
      const known: Export = isCut ? { ...one, status: 'FAILED', failure: 'the local run was stopped' } : one;
      this.#exports.set(one.arn, known);
    }
  }

  get running(): number {
    return this.all().filter(({ status }) => status === 'IN_PROGRESS').length;
  }

  all(): readonly Export[] {
    return [...this.#exports.values()];
  }

  find(arn: string): Export | undefined {
    return this.#exports.get(arn);
  }

  start({ tableArn, bucket, prefix, exportTime, items }: NewExport): Export {
    const startTime = this.#clock.now();
    const id = `${String(Math.floor(startTime)).padStart(14, '0')}-${randomBytes(4).toString('hex')}`;
    const begun: Export = {
      arn: `${tableArn}/export/${id}`,
      tableArn,
      status: 'IN_PROGRESS',
      bucket,
      prefix,
      exportTime,
      startTime,
      itemCount: items.length,
      bytes: items.reduce((sum, item) => sum + Buffer.byteLength(item), 0),
    };
    this.#keep(begun);
    const folder = `${prefix === '' ? '' : `${prefix.replace(/\/$/, '')}/`}AWSDynamoDB/${id}`;
    void this.#write(begun, folder, items);
    return begun;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #write(begun: Export, folder: string, items: readonly string[]): Promise<void> {
    const put = (name: string, body: string | Uint8Array, contentType = 'application/json'): string =>
      this.#objects.put({
        bucket: begun.bucket,
        key: `${folder}/${name}`,
        body: Buffer.from(body),
        contentType,
      });
    try {
      put('_started', '', 'application/octet-stream');
      const files: string[] = [];
      for (let at = 0; at === 0 || at < items.length; at += ITEMS_IN_FILE) {
        const lines = items.slice(at, at + ITEMS_IN_FILE);
        const body = await compressed(lines.map((item) => `{"Item":${item}}\n`).join(''));
        if (this.#isStopped) return;
        const name = `data/${randomBytes(16).toString('hex')}.json.gz`;
        const etag = put(name, body, 'application/gzip').replaceAll('"', '');
        files.push(
          JSON.stringify({
            itemCount: lines.length,
            md5Checksum: md5(body),
            etag,
            dataFileS3Key: `${folder}/${name}`,
          }),
        );
      }
      const list = files.map((line) => `${line}\n`).join('');
      put('manifest-files.json', list);
      put('manifest-files.md5', md5(list), 'text/plain');
      const manifest = `${folder}/manifest-summary.json`;
      const done: Export = { ...begun, status: 'COMPLETED', endTime: this.#clock.now(), manifest };
      const summary = JSON.stringify(summaryOf(done, `${folder}/manifest-files.json`));
      put('manifest-summary.json', summary);
      put('manifest-summary.md5', md5(summary), 'text/plain');
      this.#keep(done);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (!this.#isStopped) this.#keep({ ...begun, status: 'FAILED', endTime: this.#clock.now(), failure });
    }
  }

  #keep(one: Export): void {
    this.#exports.set(one.arn, one);
    this.#state.keepSetting(SETTING, JSON.stringify(this.all()));
  }
}

const instant = (ms: number | undefined): string => new Date(ms ?? 0).toISOString();

const summaryOf = (one: Export, manifestFilesS3Key: string) => ({
  version: '2023-08-01',
  exportArn: one.arn,
  startTime: instant(one.startTime),
  endTime: instant(one.endTime),
  tableArn: one.tableArn,
  exportTime: instant(one.exportTime),
  s3Bucket: one.bucket,
  s3Prefix: one.prefix === '' ? null : one.prefix,
  s3SseAlgorithm: 'AES256',
  s3SseKmsKeyId: null,
  manifestFilesS3Key,
  billedSizeBytes: one.bytes,
  itemCount: one.itemCount,
  outputFormat: 'DYNAMODB_JSON',
  exportType: 'FULL_EXPORT',
});
