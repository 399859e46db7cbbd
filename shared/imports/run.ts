import { csvRecords, type Chunks } from './csv.ts';
import type { CsvRecord, FilePosition } from './csv-parser.ts';
import { headerOf } from './inspect.ts';
import { advance, graceIsOver, succeed, type ImportJob } from './job.ts';
import type { ImportHandler, ImportRows, ImportRun } from './kind.ts';
import { mapColumns, readRow, type Mapping, type RowError } from './mapping.ts';
import { takeIn } from './page.ts';
import { pagesOf, WaitingRows } from './pages.ts';
import { previewOf, type RowPreview } from './preview.ts';
import { Unprocessable } from '../errors/errors.ts';

/** Between two looks for a reference that is on its way. */
const RETRY_MILLISECONDS = 500;

export interface ImportSteps<Job extends ImportJob = ImportJob> {
  /** The file from this byte on, as often as it is asked for, and no more of it than is taken. */
  read(job: Job, from: number): Chunks;
  /** Keeps the job with its new errors, in one write; answers it as stored. Throws when another worker was faster. */
  save(job: Job, errors: readonly RowError[], preview?: readonly RowPreview[]): Promise<Job>;
  /** Whether to stop after the page at hand and go on in another invocation. */
  isTimeUp(): boolean;
  wait(milliseconds: number): Promise<void>;
}

/** What one invocation works with. */
interface Work<Job extends ImportJob> {
  readonly importRows: ImportRows;
  readonly mapping: Mapping;
  readonly steps: ImportSteps<Job>;
  readonly run: ImportRun;
  readonly waiting: WaitingRows;
  /** Of a dry run: what it would have made by now. */
  readonly foreseen?: Set<string> | undefined;
}

/** Rows of an import that was stopped before positions were kept are found by their lines. */
const startOf = (job: ImportJob, header: CsvRecord | undefined): FilePosition =>
  job.nextByte === undefined
    ? (header?.to ?? { byte: 0, line: 1 })
    : { byte: job.nextByte, line: job.nextLine };

/** Reads the rows that waited when the invocation before this one ended. */
const readWaiting = async <Job extends ImportJob>(
  job: Job,
  header: CsvRecord | undefined,
  { steps, waiting }: Pick<Work<Job>, 'steps' | 'waiting'>,
): Promise<void> => {
  const lines = new Set(job.deferred);
  if (lines.size === 0) return;
  const from = job.deferredFrom ?? header?.to ?? { byte: 0, line: 1 };
  for await (const record of csvRecords(steps.read(job, from.byte), from)) {
    if (lines.delete(record.line)) waiting.add(record);
    if (lines.size === 0) return;
  }
};

/** Hands the waiting rows in again, until none waits; those that make no headway once the grace is over are rejected. */
const settleDeferred = async <Job extends ImportJob>(
  start: Job,
  { importRows, mapping, steps, run, waiting, foreseen }: Work<Job>,
): Promise<Job> => {
  let job = start;
  let final = false;
  while (waiting.size > 0 && !steps.isTimeUp()) {
    // Read before the rows are tried, so that what has come by the end of the grace still counts.
    const isOver = graceIsOver(job, run.clock);
    const before = waiting.size;
    for await (const records of pagesOf(waiting.records())) {
      const page = await takeIn(
        records.map((record) => readRow(mapping, record)),
        { importRows, mapping, final, foreseen },
      );
      if (page.deferred.length < records.length) {
        const retried = records.map(({ line }) => line);
        waiting.keepOnly(retried, page.deferred);
        const after = advance(job, page, { retried, deferredFrom: waiting.from });
        job = await steps.save(after, page.errors, previewOf(job, page));
      }
      if (steps.isTimeUp()) return job;
    }
    const stuck = waiting.size === before;
    final = stuck && isOver;
    if (stuck && !isOver) await steps.wait(RETRY_MILLISECONDS);
  }
  return job;
};

/** Takes in the rows that have not been handed in yet. Answers the job, and what ended the file before its end. */
const takeInRest = async <Job extends ImportJob>(
  start: Job,
  from: FilePosition,
  work: Work<Job>,
): Promise<{ readonly job: Job; readonly fault?: Unprocessable }> => {
  const { importRows, mapping, steps, waiting, foreseen } = work;
  let job = start;
  const { nextLine } = start;
  try {
    for await (const records of pagesOf(
      csvRecords(steps.read(job, from.byte), from),
      ({ line }) => line >= nextLine,
    )) {
      const page = await takeIn(
        records.map((record) => readRow(mapping, record)),
        { importRows, mapping, final: false, foreseen },
      );
      const deferred = new Set(page.deferred);
      for (const record of records) if (deferred.has(record.line)) waiting.add(record);
      const next = records.at(-1)?.to ?? from;
      const after = advance(job, page, { next, deferredFrom: waiting.from });
      job = await steps.save(after, page.errors, previewOf(job, page));
      if (waiting.isFull) job = await settleDeferred(job, work);
      if (steps.isTimeUp()) return { job };
    }
  } catch (error) {
    if (error instanceof Unprocessable) return { job, fault: error };
    throw error;
  }
  return { job };
};

/**
 * Carries an import on from where it stands, until it has succeeded or the time is up (then its status is still
 * `running`). Progress and errors are saved after each page; what a crash loses is handed in again, and unchanged. Of the
 * file there are never more than a page, what is read at once, and the rows that wait in memory. Throws Unprocessable
 * where the file can't be read any further, once all rows before are taken in.
 */
export const carryOn = async <Job extends ImportJob>(
  start: Job,
  { handler, steps, run }: { handler: ImportHandler; steps: ImportSteps<Job>; run: ImportRun },
): Promise<Job> => {
  const header = await headerOf(steps.read(start, 0));
  const mapping = mapColumns(handler.kind, header?.cells ?? [], {
    columns: start.columns,
    values: start.values,
  });
  const waiting = new WaitingRows();
  const foreseen = run.dryRun ? new Set<string>() : undefined;
  const work: Work<Job> = { importRows: await handler.open(run), mapping, steps, run, waiting, foreseen };
  await readWaiting(start, header, work);

  const { job: read, fault } = await takeInRest(start, startOf(start, header), work);
  if (steps.isTimeUp()) return read;
  const job = await settleDeferred(read, work);
  if (job.deferred.length > 0) return job;
  if (fault !== undefined) throw fault;
  return steps.save(succeed(job, run.clock), []);
};
