import { csvRecords, type CsvRecord } from './csv.ts';
import { advance, graceIsOver, succeed, type ImportJob } from './job.ts';
import { PAGE_ROWS, type ImportHandler, type ImportRows, type ImportRun } from './kind.ts';
import { mapColumns, readRow, type Mapping, type RowError } from './mapping.ts';
import { takeIn } from './page.ts';

/** So many rows may wait at the end of the file; more, and the import waits for their references at once. */
const MAX_DEFERRED = 2000;
/** Between two looks for a reference that is on its way. */
const RETRY_MILLISECONDS = 500;

export interface ImportSteps<Job extends ImportJob = ImportJob> {
  /** The file's text, from the start, as often as it is asked for. */
  read(job: Job): AsyncIterable<string>;
  /** Keeps the job with its new errors, in one write; answers it as stored. Throws when another worker was faster. */
  save(job: Job, errors: readonly RowError[]): Promise<Job>;
  /** Whether to stop after the page at hand and go on in another invocation. */
  isTimeUp(): boolean;
  wait(milliseconds: number): Promise<void>;
}

async function* pagesOf(records: AsyncIterable<CsvRecord>): AsyncGenerator<CsvRecord[]> {
  let page: CsvRecord[] = [];
  for await (const record of records) {
    page.push(record);
    if (page.length === PAGE_ROWS) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

async function* only(
  records: AsyncIterable<CsvRecord>,
  wanted: (record: CsvRecord) => boolean,
): AsyncGenerator<CsvRecord> {
  let isHeader = true;
  for await (const record of records) {
    if (!isHeader && wanted(record)) yield record;
    isHeader = false;
  }
}

const mappingOf = async <Job extends ImportJob>(
  job: Job,
  handler: ImportHandler,
  steps: ImportSteps<Job>,
): Promise<Mapping> => {
  for await (const header of csvRecords(steps.read(job))) {
    return mapColumns(handler.kind, header.cells, { columns: job.columns, values: job.values });
  }
  return mapColumns(handler.kind, [], {});
};

/** Hands the waiting rows in again, until none waits; those that make no headway once the grace is over are rejected. */
const settleDeferred = async <Job extends ImportJob>(
  start: Job,
  {
    importRows,
    mapping,
    steps,
    run,
  }: { importRows: ImportRows; mapping: Mapping; steps: ImportSteps<Job>; run: ImportRun },
): Promise<Job> => {
  let job = start;
  let final = false;
  while (job.deferred.length > 0 && !steps.isTimeUp()) {
    // Read before the rows are tried, so that what has come by the end of the grace still counts.
    const isOver = graceIsOver(job, run.clock);
    const before = job.deferred.length;
    const waiting = new Set(job.deferred);
    for await (const records of pagesOf(only(csvRecords(steps.read(job)), ({ line }) => waiting.has(line)))) {
      const page = await takeIn(
        records.map((record) => readRow(mapping, record)),
        { importRows, mapping, final },
      );
      if (page.deferred.length < records.length) {
        job = await steps.save(advance(job, page, { retried: records.map(({ line }) => line) }), page.errors);
      }
      if (steps.isTimeUp()) return job;
    }
    const stuck = job.deferred.length === before;
    final = stuck && isOver;
    if (stuck && !isOver) await steps.wait(RETRY_MILLISECONDS);
  }
  return job;
};

/**
 * Carries an import on from where it stands, until it has succeeded or the time is up (then its status is still
 * `running`). Progress and errors are saved after each page; what a crash loses is handed in again, and unchanged.
 */
export const carryOn = async <Job extends ImportJob>(
  start: Job,
  { handler, steps, run }: { handler: ImportHandler; steps: ImportSteps<Job>; run: ImportRun },
): Promise<Job> => {
  let job = start;
  const mapping = await mappingOf(job, handler, steps);
  const importRows = await handler.open(run);
  const settle = async () => settleDeferred(job, { importRows, mapping, steps, run });

  const from = job.nextLine;
  for await (const records of pagesOf(only(csvRecords(steps.read(job)), ({ line }) => line >= from))) {
    const page = await takeIn(
      records.map((record) => readRow(mapping, record)),
      { importRows, mapping, final: false },
    );
    job = await steps.save(advance(job, page, { nextLine: (records.at(-1)?.line ?? from) + 1 }), page.errors);
    if (job.deferred.length >= MAX_DEFERRED) job = await settle();
    if (steps.isTimeUp()) return job;
  }
  job = await settle();
  return job.deferred.length > 0 ? job : steps.save(succeed(job, run.clock), []);
};
