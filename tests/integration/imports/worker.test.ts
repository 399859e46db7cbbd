import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TeamImportAdvanced } from '../../../shared/events/team.ts';
import { derivedId, EventId, ImportId } from '../../../shared/ids/id.ts';
import type { ImportJob } from '../../../shared/imports/job.ts';
import { importHandler, importKind, type ImportRow, type RowOutcome } from '../../../shared/imports/kind.ts';
import { Imports, type ImportStorage } from '../../../shared/imports/storage.ts';
import { importsSubscription } from '../../../shared/imports/subscription.ts';
import { importWorker } from '../../../shared/imports/worker.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { sqsRecord } from '../../support/sqs-record.ts';
import { storedObjects } from '../../support/stored-objects.ts';

const things = importKind({
  kind: 'things',
  fields: { id: { required: true, description: 'key' } },
  createMissing: [],
  currency: 'none',
});
const cause = { correlationId: 'c', actor: 'system' } as const;
const id = derivedId(ImportId, 'x');

let dynoxide: Dynoxide;
let imports: Imports;
let storage: ImportStorage;
beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(async () => {
  await dynoxide.stop();
});
beforeEach(async () => {
  const table = await dynoxide.table();
  storage = { table, s3: storedObjects().s3, bucket: 'b', service: 'team', advanced: TeamImportAdvanced };
  imports = new Imports(storage, cause);
});

const start = async (rows: number, { dryRun = false } = {}): Promise<void> => {
  const job: ImportJob = {
    id,
    kind: 'things',
    status: 'queued',
    dryRun,
    columns: { id: 'id' },
    values: {},
    createMissing: [],
    file: imports.fileKey(id, 'hash'),
    rows,
    ...{ done: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 },
    nextLine: 2,
    deferred: [],
    createdAt: instantFrom(Date.now()),
  };
  const csv = ['id', ...Array.from({ length: rows }, (_, index) => String(index))].join('\n');
  await imports.start(job, csv, { idempotencyKey: undefined, requestHash: '' });
};

const message = (receiveCount: number): SQSRecord =>
  sqsRecord(
    TeamImportAdvanced,
    {
      id: derivedId(EventId, 'e'),
      subject: id,
      data: { id, kind: 'things', status: 'queued', nextLine: 2 },
    },
    receiveCount,
  );

const deliver = async (
  takeIn: (row: ImportRow<'id'>) => RowOutcome<'id'>,
  receiveCount = 1,
  meanwhile: () => Promise<unknown> = async () => undefined,
) => {
  const worker = importWorker({
    subscription: importsSubscription('team', TeamImportAdvanced),
    storage,
    handlers: [
      importHandler(things, async () => async (rows) => {
        await meanwhile();
        return rows.map(takeIn);
      }),
    ],
  });
  const { batchItemFailures } = await worker({ Records: [message(receiveCount)] });
  return { failed: batchItemFailures.length > 0, job: await imports.get(id) };
};

const fine = (): RowOutcome<'id'> => ({ outcome: 'created' });
const crashAt = (index: number) => (row: ImportRow<'id'>) => {
  if (row.cells.id === String(index)) throw new Error('out of memory');
  return fine();
};

describe('the import worker', () => {
  it('goes on after a crash from the last page that was saved', async () => {
    await start(1300);
    const crashed = await deliver(crashAt(700));
    expect(crashed).toMatchObject({ failed: true, job: { status: 'running', done: 500, nextLine: 502 } });
    const seen: string[] = [];
    const done = await deliver((row) => {
      seen.push(row.cells.id ?? '');
      return fine();
    }, 2);
    expect(done).toMatchObject({ failed: false, job: { status: 'succeeded', done: 1300, created: 1300 } });
    expect(seen).toHaveLength(800);
  });

  it('shows a sample of what a dry run would do, and counts as made once what several pages speak of', async () => {
    await start(1300, { dryRun: true });
    // Every second row is of the same record, which is not there yet.
    const { job } = await deliver(({ cells: { id: cell = '' } }) => {
      const at = Number(cell);
      if (at % 2 === 0) return { outcome: 'created', id: 'one' };
      return at === 1 ? { outcome: 'updated', id: 'two', changes: ['name'] } : { outcome: 'unchanged' };
    });
    expect(job).toMatchObject({ created: 1, updated: 650, unchanged: 649, previewed: 100 });
    const preview = await imports.preview(job);
    expect(preview.slice(0, 3)).toEqual([
      { line: 2, outcome: 'created', id: 'one' },
      { line: 3, outcome: 'updated', id: 'two', changes: ['name'] },
      { line: 4, outcome: 'updated', id: 'one' },
    ]);
    expect(preview).toHaveLength(100);
  });

  it('shows no sample of an import that is none', async () => {
    await start(3);
    const { job } = await deliver(() => ({ outcome: 'created', id: 'one' }));
    expect(job).toMatchObject({ created: 3 });
    expect(await imports.preview(job)).toEqual([]);
  });

  it('reads on from the byte where it stood, not from the start', async () => {
    const read = vi.spyOn(Imports.prototype, 'bytes');
    await start(1300);
    await deliver(crashAt(700));
    await deliver(fine, 2);
    // The header each time, and the rows: first from behind the header, then from behind the page that was saved.
    const header = 'id\n'.length;
    const page = Array.from({ length: 500 }, (_, index) => `${String(index)}\n`).join('').length;
    expect(read.mock.calls.map(([, from]) => from)).toEqual([0, header, 0, header + page]);
    vi.restoreAllMocks();
  });

  it('calls an import failed when the queue gives up on it, and takes it up again when it is sent once more', async () => {
    await start(10);
    expect(await deliver(crashAt(3), 5)).toMatchObject({
      failed: true,
      job: { status: 'failed', problem: expect.stringContaining('internal error') as string },
    });
    const again = await deliver(fine);
    expect(again).toMatchObject({ failed: false, job: { status: 'succeeded', created: 10 } });
    expect(again.job).not.toHaveProperty('problem');
  });

  it('does nothing for a finished import whose message comes again', async () => {
    await start(10);
    await deliver(fine);
    const repeated = await deliver(() => {
      throw new Error('must not be asked');
    });
    expect(repeated).toMatchObject({ failed: false, job: { status: 'succeeded', created: 10 } });
  });

  it('leaves an import to the worker that was faster', async () => {
    await start(10);
    const other = async () =>
      imports.save({ ...(await imports.get(id)), status: 'running', nextLine: 12 }, []);
    const overtaken = await deliver(fine, 1, other);
    expect(overtaken).toMatchObject({ failed: false, job: { status: 'running', done: 0, nextLine: 12 } });
  });
});
