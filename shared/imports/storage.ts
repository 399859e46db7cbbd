import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { defineEntity, type Stored } from '../dynamodb/entity.ts';
import type { Item } from '../dynamodb/item.ts';
import { Repository } from '../dynamodb/repository.ts';
import type { Table } from '../dynamodb/table.ts';
import { NotFound } from '../errors/errors.ts';
import type { Cause } from '../events/cause.ts';
import type { EventContract } from '../events/contract.ts';
import { createOnce } from '../http/idempotency.ts';
import type { Clock } from '../time/instant.ts';
import { ImportJob } from './job.ts';
import type { RowError } from './mapping.ts';
import { RowPreview } from './preview.ts';
import * as z from 'zod';
import { type ImportFiles, uploadUrl } from './upload.ts';

/** Reports are kept for 90 days; the files go by the bucket's own lifecycle. */
const KEPT_SECONDS = 90 * 86_400;

/**
 * What is read of a file at once: a stream that is left open while a page is written would be cut off. Little at first,
 * for often no more than the header is wanted.
 */
const FIRST_RANGE_BYTES = 256 * 1024;
const RANGE_BYTES = 4 * 1024 * 1024;

const expiresAt = (job: ImportJob): number => Math.floor(Date.parse(job.createdAt) / 1000) + KEPT_SECONDS;

export const importEntity = defineEntity<ImportJob>({
  type: 'import',
  schema: ImportJob,
  key: (id) => ({ pk: `import#${id}`, sk: 'state' }),
  expiresAt,
});

/** Where in a report to go on reading: an item of errors, and how many of its errors were read. */
export interface ErrorPosition {
  readonly sk: string;
  readonly offset: number;
}

/** A part of the report; none of nothing. By line, so that it reads in the file's order; the version keeps two of one page apart. */
const partOf = (
  job: Stored<ImportJob>,
  part: 'errors' | 'preview',
  rows: readonly (RowError | RowPreview)[],
): readonly Item[] => {
  const [first] = rows;
  if (first === undefined) return [];
  return [
    {
      pk: `import#${job.id}`,
      sk: `${part}#${String(first.line).padStart(9, '0')}#${String(job.version)}`,
      type: `import-${part}`,
      [part]: rows,
      expiresAt: expiresAt(job),
    },
  ];
};

export interface ImportStorage extends ImportFiles {
  readonly table: Table;
  /** Says that a page is due. Its subject is the import; the worker of the same service listens to it. */
  readonly advanced: EventContract;
}

/** Imports of one service: the job and its errors in the table, the file in the bucket. */
export class Imports {
  readonly #storage: ImportStorage;
  readonly #cause: Cause;
  readonly #jobs: Repository<ImportJob>;

  constructor(storage: ImportStorage, cause: Cause) {
    this.#storage = storage;
    this.#cause = cause;
    this.#jobs = new Repository(storage.table, importEntity, cause);
  }

  /** Of this content: two files under one idempotency key don't overwrite one another. */
  fileKey(id: string, contentHash: string): string {
    return `imports/${this.#storage.service}/${id}/${contentHash}.csv`;
  }

  /** Stores the file, then the job, whose event starts the worker. See `createOnce` for repeated requests. */
  async start(
    job: ImportJob,
    text: string,
    request: Parameters<typeof createOnce>[2],
  ): Promise<Stored<ImportJob>> {
    const { s3, bucket, advanced } = this.#storage;
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: job.file,
        Body: text,
        ContentType: 'text/csv; charset=utf-8',
      }),
    );
    return createOnce<ImportJob, Stored<ImportJob>, EventContract>(this.#jobs, job, request, advanced);
  }

  /** Keeps the job until its file is uploaded, which starts it. */
  async awaitUpload(job: ImportJob, request: Parameters<typeof createOnce>[2]): Promise<Stored<ImportJob>> {
    const { correlationId, actor } = this.#cause;
    const waiting = { ...job, startedBy: { correlationId, actor } };
    return createOnce<ImportJob, Stored<ImportJob>, readonly EventContract[]>(
      this.#jobs,
      waiting,
      request,
      [],
    );
  }

  /** A link for one PUT of the job's file; undefined where none is awaited. */
  async uploadUrl(job: ImportJob, clock: Clock): Promise<string | undefined> {
    return uploadUrl(this.#storage, job, clock);
  }

  async find(id: string): Promise<Stored<ImportJob> | undefined> {
    return this.#jobs.find(id);
  }

  /** Throws NotFound for an unknown id, and for one of another kind if a kind is given. */
  async get(id: string, kind?: string): Promise<Stored<ImportJob>> {
    const job = await this.#jobs.get(id);
    if (kind !== undefined && job.kind !== kind) throw new NotFound(`import ${id}`);
    return job;
  }

  /** The file from this byte on, a range at a time, each read when the one before has been taken. */
  async *bytes(job: Pick<ImportJob, 'id' | 'file' | 'bytes'>, from: number): AsyncGenerator<Uint8Array> {
    let at = from;
    let length = FIRST_RANGE_BYTES;
    while (at < (job.bytes ?? Infinity)) {
      const range = await this.#range(job, at, length);
      if (range.length > 0) yield range;
      if (range.length < length) return;
      at += range.length;
      length = RANGE_BYTES;
    }
  }

  /** None where the file has ended. @throws NotFound where there is no file any more */
  async #range(
    { id, file }: Pick<ImportJob, 'id' | 'file'>,
    from: number,
    length: number,
  ): Promise<Uint8Array> {
    const { s3, bucket } = this.#storage;
    const Range = `bytes=${String(from)}-${String(from + length - 1)}`;
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: file, Range }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      if (error instanceof NoSuchKey) throw new NotFound(`file of import ${id}`);
      // The file ends where the range begins, which only one of unknown length is asked for.
      if (error instanceof S3ServiceException && error.name === 'InvalidRange') return new Uint8Array();
      throw error;
    }
  }

  /** The job with its new errors and more of its sample, in one write; with `goOn`, the worker is called again for what is left. */
  async save(
    job: Stored<ImportJob>,
    errors: readonly RowError[],
    { goOn = false, preview = [] }: { goOn?: boolean; preview?: readonly RowPreview[] | undefined } = {},
  ): Promise<Stored<ImportJob>> {
    const events = goOn ? [this.#storage.advanced] : [];
    const parts = [...partOf(job, 'errors', errors), ...partOf(job, 'preview', preview)];
    if (parts.length === 0) return this.#jobs.save(job, events);
    await this.#storage.table.transact([
      this.#jobs.writeFor(job, events),
      ...parts.map((part) => ({ put: part })),
    ]);
    return { ...job, version: job.version + 1 };
  }

  /** What a dry run says of the first rows that would make or change something. */
  async preview(job: Pick<ImportJob, 'id' | 'previewed'>): Promise<readonly RowPreview[]> {
    if (job.previewed === undefined) return [];
    const { items } = await this.#storage.table.query({ pk: `import#${job.id}`, skPrefix: 'preview#' });
    return items.flatMap((item) => z.array(RowPreview).parse(item.preview));
  }

  /** Up to `limit` bad rows, and where to go on if there are more. */
  async errors(
    job: Pick<ImportJob, 'id'>,
    { limit, from }: { limit: number; from?: ErrorPosition | undefined },
  ): Promise<{ readonly errors: readonly RowError[]; readonly next?: ErrorPosition }> {
    const errors: RowError[] = [];
    let at = from;
    for (;;) {
      const { items, lastKey } = await this.#storage.table.query({
        pk: `import#${job.id}`,
        skFrom: at?.sk ?? 'errors#',
        skTo: 'errors#~',
        // An item holds up to a page of errors: one is mostly enough, and a report may have hundreds.
        limit: 2,
      });
      for (const item of items) {
        const sk = String(item.sk);
        const offset = at?.sk === sk ? at.offset : 0;
        const held = item.errors as readonly RowError[];
        const taken = held.slice(offset, offset + limit - errors.length);
        errors.push(...taken);
        at = { sk, offset: offset + taken.length };
        if (errors.length === limit && at.offset < held.length) return { errors, next: at };
      }
      if (lastKey === undefined) return { errors };
      if (errors.length === limit && at !== undefined) return { errors, next: at };
    }
  }
}
