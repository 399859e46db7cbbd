import * as z from 'zod';
import { Actor } from '../events/contract.ts';
import { ImportId } from '../ids/id.ts';
import { Currency } from '../money/money.ts';
import { Instant, type Clock } from '../time/instant.ts';
import type { FilePosition } from './csv-parser.ts';
import type { RowError } from './mapping.ts';
import { previewOf, type RowPreview } from './preview.ts';

const ImportStatus = z.enum(['awaitingUpload', 'queued', 'running', 'succeeded', 'failed']);

/** One import as it is kept. `failed` means that it could not be carried on; bad rows alone fail no import. */
export const ImportJob = z.object({
  id: ImportId,
  kind: z.string(),
  status: ImportStatus,
  dryRun: z.boolean(),
  currency: Currency.optional(),
  /** Field → the file's header. Of an upload that was not looked into yet, as asked for: empty where nothing was. */
  columns: z.record(z.string(), z.string()),
  values: z.record(z.string(), z.record(z.string(), z.string())),
  createMissing: z.array(z.string()),
  /** Key of the file in the bucket. */
  file: z.string(),
  /** Rows of the file, without header and blank lines. `done` of them have an outcome. */
  rows: z.int(),
  done: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
  /** Rows from this line of the file on have not been handed in yet. */
  nextLine: z.int(),
  /** The byte of the file at which that line begins, from 0; absent before the first page. */
  nextByte: z.int().optional(),
  /** Length of the file. */
  bytes: z.int().optional(),
  /** Of an upload: whether its header was read and its rows counted. */
  inspected: z.boolean().optional(),
  /** Of an upload: until when it may come. */
  uploadUntil: Instant.optional(),
  /** Of an upload: on whose behalf it starts when it comes. */
  startedBy: z.object({ correlationId: z.string(), actor: Actor }).optional(),
  /** Of a dry run: how many rows its report shows as a sample. */
  previewed: z.int().optional(),
  /** Lines of rows that wait for a reference. */
  deferred: z.array(z.int()),
  /** Where the first of them is in the file. */
  deferredFrom: z.object({ byte: z.int(), line: z.int() }).optional(),
  createdAt: Instant,
  /** Of an upload: when its file came. */
  startedAt: Instant.optional(),
  finishedAt: Instant.optional(),
  /** Why it failed. */
  problem: z.string().optional(),
});
export type ImportJob = z.infer<typeof ImportJob>;

/** How long a reference may be on its way before its row is rejected, counted from the import's start, or from the arrival of its file. */
const GRACE_SECONDS = 20;

/** What became of a page of rows. */
export interface PageOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly errors: readonly RowError[];
  /** Of a dry run: its rows that would make or change something. */
  readonly preview?: readonly RowPreview[];
  /** Lines of the rows that are to be handed in again. */
  readonly deferred: readonly number[];
}

/** The job after a page, which had the rows up to `next` or those of `retried` lines. */
export const advance = <Job extends ImportJob>(
  job: Job,
  page: PageOutcome,
  {
    next,
    retried = [],
    deferredFrom,
  }: {
    readonly next?: FilePosition;
    readonly retried?: readonly number[];
    /** The first row that waits after this page. */
    readonly deferredFrom?: FilePosition | undefined;
  },
): Job => {
  const settled = new Set(retried);
  const preview = previewOf(job, page);
  return {
    ...job,
    status: 'running',
    ...(next && { nextLine: next.line, nextByte: next.byte }),
    deferred: [...job.deferred.filter((line) => !settled.has(line)), ...page.deferred],
    deferredFrom,
    done: job.done + page.created + page.updated + page.unchanged + page.errors.length,
    created: job.created + page.created,
    updated: job.updated + page.updated,
    unchanged: job.unchanged + page.unchanged,
    rejected: job.rejected + page.errors.length,
    ...(preview.length > 0 && { previewed: (job.previewed ?? 0) + preview.length }),
  };
};

export const succeed = <Job extends ImportJob>(job: Job, clock: Clock): Job => ({
  ...job,
  status: 'succeeded',
  // Where a file was only counted before, that was no reading.
  rows: job.done,
  finishedAt: clock.now(),
});

export const fail = <Job extends ImportJob>(job: Job, problem: string, clock: Clock): Job => ({
  ...job,
  status: 'failed',
  problem,
  finishedAt: clock.now(),
});

/** Whether references that have not come by now are taken not to come at all. */
export const graceIsOver = (job: ImportJob, clock: Clock): boolean =>
  Date.parse(clock.now()) - Date.parse(job.startedAt ?? job.createdAt) >= GRACE_SECONDS * 1000;
