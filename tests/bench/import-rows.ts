import { Readable } from 'node:stream';
import { setInterval } from 'node:timers';
import { S3Client } from '@aws-sdk/client-s3';
import { productImportHandler } from '../../services/deals/imports/products.ts';
import { imports as subscription } from '../../services/deals/subscriptions.ts';
import { Repository } from '../../shared/dynamodb/repository.ts';
import { ImportAdvanced } from '../../shared/events/deals.ts';
import { derivedId, EventId, ImportId } from '../../shared/ids/id.ts';
import { csvRecords } from '../../shared/imports/csv.ts';
import { importEntity, Imports } from '../../shared/imports/storage.ts';
import { importWorker } from '../../shared/imports/worker.ts';
import { systemClock } from '../../shared/time/instant.ts';
import { startDynoxide } from '../support/dynoxide.ts';
import { sqsRecord } from '../support/sqs-record.ts';
import { type Bench, type Benchmark, expectOutcome, type Figure, type Outcome } from './benchmark.ts';

const SIZES = [10_000, 100_000];
const MB = 1024 * 1024;
const HEADER = 'sku,name,category\n';
const rowText = (index: number): string => {
  const number = String(index).padStart(7, '0');
  return `P-${number},"Pasta no. ${number}, dried",series ${number.slice(0, 4)} of what is sold by the box\n`;
};
const ROW_BYTES = Buffer.byteLength(rowText(0));

/** The bytes of a file that nobody holds: all rows are of one length, and made when they are asked for. */
const fileBytes = (rows: number, from: number, to: number): Buffer => {
  const head = Buffer.from(HEADER).subarray(Math.min(from, HEADER.length), Math.min(to, HEADER.length));
  const first = Math.max(0, Math.floor((from - HEADER.length) / ROW_BYTES));
  const last = Math.min(rows, Math.ceil((to - HEADER.length) / ROW_BYTES));
  const text = Array.from({ length: Math.max(0, last - first) }, (_, at) => rowText(first + at)).join('');
  const start = HEADER.length + first * ROW_BYTES;
  const body = Buffer.from(text).subarray(Math.max(0, from - start), Math.max(0, to - start));
  return Buffer.concat([head, body]);
};

/** S3 with one file, of which ranges are read. */
const madeUpFile = (rows: number): S3Client =>
  new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      handle: async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
        const body = fileBytes(rows, Number(from), Number(to) + 1);
        return Promise.resolve({
          response: { statusCode: 206, headers: {}, body: Readable.from([body]) },
        });
      },
    },
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

/** The most that this process had resident while it was looked at, ten times a second. */
const peakRss = () => {
  let peak = process.memoryUsage.rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 100);
  return () => {
    clearInterval(timer);
    return peak;
  };
};

const importOf = async (
  rows: number,
  { dryRun }: { readonly dryRun: boolean },
  bench: Bench,
): Promise<Figure[]> => {
  const dynoxide = await startDynoxide();
  bench.onEnd(async () => dynoxide.stop());
  const table = await dynoxide.table({ clock: systemClock });
  const storage = {
    table,
    s3: madeUpFile(rows),
    bucket: 'bucket',
    service: 'deals',
    advanced: ImportAdvanced,
  } as const;
  const cause = { correlationId: 'bench', actor: 'system' } as const;
  const imports = new Imports(storage, cause);
  const id = derivedId(ImportId, String(rows));
  await new Repository(table, importEntity, cause).create(
    {
      id,
      kind: 'products',
      status: 'queued',
      dryRun,
      columns: { sku: 'sku', name: 'name', category: 'category' },
      values: {},
      createMissing: [],
      file: imports.fileKey(id, 'file'),
      bytes: HEADER.length + rows * ROW_BYTES,
      rows,
      ...{ done: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 },
      nextLine: 2,
      deferred: [],
      createdAt: systemClock.now(),
    },
    [],
  );
  const worker = importWorker({ subscription, storage, handlers: [productImportHandler(table)] });
  const started = performance.now();
  const peak = peakRss();
  let invocations = 0;
  for (let status = 'queued'; status !== 'succeeded' && status !== 'failed';) {
    invocations += 1;
    const data = { id, kind: 'products', status, nextLine: 2 };
    const message = sqsRecord(ImportAdvanced, {
      id: derivedId(EventId, id, String(invocations)),
      subject: id,
      data,
    });
    const { batchItemFailures } = await worker({ Records: [message] });
    expectOutcome('messages that failed', batchItemFailures.length, 0);
    status = (await imports.get(id)).status;
  }
  const rss = peak();
  const seconds = (performance.now() - started) / 1000;
  const { created, rejected } = await imports.get(id);
  expectOutcome(`${String(rows)} rows`, { created, rejected }, { created: rows, rejected: 0 });
  await dynoxide.stop();
  const subject = `${rows.toLocaleString('en')} rows${dryRun ? ', dry run' : ''}`;
  bench.tell(`${subject}: ${seconds.toFixed(1)} s, ${(rss / MB).toFixed(0)} MB`);
  return [
    { subject, name: 'file', value: (HEADER.length + rows * ROW_BYTES) / MB, unit: 'MB' },
    { subject, name: 'time', value: seconds, unit: 's' },
    { subject, name: 'a second', value: rows / seconds, unit: 'rows' },
    { subject, name: 'invocations of 15 s', value: invocations, unit: '' },
    { subject, name: 'peak resident memory', value: rss / MB, unit: 'MB' },
  ];
};

const run = async (bench: Bench): Promise<Outcome> => {
  const figures: Figure[] = [];
  process.env.LOG_LEVEL = 'SILENT';
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  // Dry runs first: they tell what the worker takes by itself, for they only read.
  for (const dryRun of [true, false])
    for (const rows of SIZES) figures.push(...(await importOf(rows, { dryRun }, bench)));
  return {
    figures,
    notes: ['The memory is of the worker with all that this process loaded; Dynoxide has its own.'],
  };
};

/** 200 MB of records, as the network hands them on, through the reader alone. */
const readAll = async (bench: Bench): Promise<Outcome> => {
  const chunk = Buffer.from(rowText(1).repeat(8192));
  const chunks = Math.ceil((200 * MB) / chunk.length);
  const before = process.memoryUsage.rss();
  let peak = before;
  const stream = function* () {
    yield Buffer.from(HEADER);
    for (let at = 0; at < chunks; at += 1) {
      // Looked at here, for no timer comes in between.
      peak = Math.max(peak, process.memoryUsage.rss());
      yield Buffer.from(chunk);
    }
  };
  bench.tell('reading 200 MB');
  const started = performance.now();
  let records = 0;
  for await (const { cells } of csvRecords(stream())) records += cells.length / 3;
  const seconds = (performance.now() - started) / 1000;
  expectOutcome('records', records, 1 + chunks * 8192);
  const subject = '200 MB';
  return {
    figures: [
      { subject, name: 'time', value: seconds, unit: 's' },
      { subject, name: 'records a second', value: records / seconds, unit: '' },
      {
        subject,
        name: 'resident memory above the start',
        value: (peak - before) / MB,
        unit: 'MB',
      },
    ],
  };
};

export const csvReader: Benchmark = {
  name: 'csv-reader',
  title: 'CSV: a stream of 200 MB through the reader of imports, which holds a chunk and a record of it',
  run: readAll,
};

export const importRows: Benchmark = {
  name: 'import-rows',
  title: 'Imports: products by the worker in this process on Dynoxide, ten times the rows beside the rows',
  run,
};
