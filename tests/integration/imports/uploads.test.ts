import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { TeamImportAdvanced } from '../../../shared/events/team.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { derivedId, EventId, ImportId } from '../../../shared/ids/id.ts';
import { importHandler, importKind, type ImportRow, type RowOutcome } from '../../../shared/imports/kind.ts';
import { type ImportDeps, importRoutes } from '../../../shared/imports/routes.ts';
import { Imports, type ImportStorage } from '../../../shared/imports/storage.ts';
import { importsSubscription } from '../../../shared/imports/subscription.ts';
import { importWorker } from '../../../shared/imports/worker.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { callApi, type CallApi } from '../../support/call-api.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { sqsRecord } from '../../support/sqs-record.ts';
import { storedObjects } from '../../support/stored-objects.ts';

const MB = 1024 * 1024;
const things = importKind({
  kind: 'things',
  fields: { id: { required: true, description: 'key' }, note: { description: 'note' } },
  createMissing: [],
  currency: 'none',
});

let dynoxide: Dynoxide;
let storage: ImportStorage;
let objects: Map<string, string>;
let call: CallApi;
let now: number;
const seen: string[] = [];
const clock = { now: () => instantFrom(now) };

beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(async () => {
  await dynoxide.stop();
});
beforeEach(async () => {
  const table = await dynoxide.table();
  const stored = storedObjects();
  objects = stored.objects;
  storage = { table, s3: stored.s3, bucket: 'b', service: 'team', advanced: TeamImportAdvanced };
  now = Date.parse('2026-11-25T09:00:00Z');
  seen.length = 0;
  const routes = importRoutes(things, { read: 'sales/team.read', write: 'sales/team.write' });
  const handler = apiHandler<ImportDeps>({
    service: 'team',
    routes,
    clock,
    deps: ({ cause }) => ({ imports: new Imports(storage, cause), clock }),
  });
  call = callApi(handler, routes);
});

const Started = z.object({ id: ImportId, status: z.string(), uploadUrl: z.string(), expiresAt: z.string() });

const ask = async (body: object = {}, headers = {}) => {
  const { status, body: answer } = await call(
    'POST',
    '/v1/imports/things',
    { upload: true, ...body },
    { headers },
  );
  expect(status).toBe(202);
  return Started.parse(answer);
};

const report = async (id: string) => (await call('GET', `/v1/imports/things/${id}`)).body;

const takeIn = (row: ImportRow<'id' | 'note'>): RowOutcome<'id' | 'note'> => {
  seen.push(row.cells.id ?? '');
  return { outcome: 'created' };
};

const work = async (body: string) => {
  const worker = importWorker({
    subscription: importsSubscription('team', TeamImportAdvanced),
    storage,
    clock,
    handlers: [importHandler(things, async () => async (rows) => rows.map(takeIn))],
  });
  const record = sqsRecord(TeamImportAdvanced, { id: derivedId(EventId, 'e'), subject: 'x', data: {} }, 1);
  return worker({ Records: [{ ...record, body }] });
};

/** As the caller does, and S3 tells of it. */
const upload = async (id: string, content: string, size = Buffer.byteLength(content)) => {
  const key = `imports/team/${id}/upload.csv`;
  objects.set(`b/${key}`, content);
  const detail = { bucket: { name: 'b' }, object: { key, size, etag: 'etag' } };
  return work(JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', id: 'event-1', detail }));
};

/** The import's own event that it goes on. */
const goOn = async (id: ImportId) => {
  const data = { id, kind: 'things', status: 'queued', nextLine: 2 };
  return work(sqsRecord(TeamImportAdvanced, { id: derivedId(EventId, 'e'), subject: id, data }, 1).body);
};

const importFile = async (content: string, body: object = {}) => {
  const { id } = await ask(body);
  await upload(id, content);
  await goOn(id);
  return report(id);
};

describe('an import whose file is uploaded', () => {
  it('is asked for, gets its file by one link, and is taken in', async () => {
    const { id, status, uploadUrl, expiresAt } = await ask();
    expect(status).toBe('awaitingUpload');
    expect(expiresAt).toBe('2026-11-25T10:00:00.000Z');
    const url = new URL(uploadUrl);
    expect(url.pathname).toBe(`/b/imports/team/${id}/upload.csv`);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('3600');
    expect([...url.searchParams.keys()].filter((name) => name.includes('checksum'))).toEqual([]);
    await upload(id, 'id,note\na,1\nb,2\n');
    expect(await report(id)).toMatchObject({ status: 'queued', bytes: 16 });
    await goOn(id);
    expect(await report(id)).toMatchObject({ status: 'succeeded', rows: 2, done: 2, created: 2 });
    expect(seen).toEqual(['a', 'b']);
  });

  it('comes either by text or by upload', async () => {
    expect(await call('POST', '/v1/imports/things', {})).toMatchObject({ status: 400 });
    const both = await call('POST', '/v1/imports/things', { csv: 'id\n', upload: true });
    expect(both).toMatchObject({ status: 400, body: { errors: [{ path: '/csv' }] } });
  });

  it('is one import for one Idempotency-Key, with a link as long as it waits', async () => {
    const key = { 'idempotency-key': 'k' };
    const first = await ask({}, key);
    now += 1_800_000;
    const again = await ask({}, key);
    expect(again.id).toBe(first.id);
    expect(new URL(again.uploadUrl).searchParams.get('X-Amz-Expires')).toBe('1800');
    expect(again.expiresAt).toBe(first.expiresAt);
  });

  it('has failed where nothing was uploaded within the hour', async () => {
    const { id } = await ask();
    now += 3_600_000;
    expect(await report(id)).toMatchObject({
      status: 'failed',
      problem: expect.stringContaining('Nothing was uploaded by 2026-11-25T10:00:00.000Z') as string,
    });
  });

  it('reads the first file that came, and throws a second one away', async () => {
    const { id } = await ask();
    await upload(id, 'id\nfirst\n');
    await upload(id, 'id\nsecond\n');
    await goOn(id);
    expect(seen).toEqual(['first']);
    expect([...objects.keys()]).toEqual([`b/imports/team/${id}/file.csv`]);
  });

  it('starts once when it is told of its file twice', async () => {
    const { id } = await ask();
    await upload(id, 'id\na\n');
    await goOn(id);
    await upload(id, 'id\na\n');
    await goOn(id);
    expect(await report(id)).toMatchObject({ status: 'succeeded', created: 1 });
    expect(seen).toEqual(['a']);
  });

  it('takes in 200 MB, and says how much is too much', async () => {
    const large = await ask();
    await upload(large.id, 'id\na\n', 200 * MB);
    expect(await report(large.id)).toMatchObject({ status: 'queued' });
    const tooLarge = await ask();
    await upload(tooLarge.id, 'id\na\n', 501 * MB);
    expect(await report(tooLarge.id)).toMatchObject({
      status: 'failed',
      problem: 'The file has 501 MB; up to 500 MB are taken in. Split it, and import the parts.',
    });
    expect([...objects.keys()]).toEqual([`b/imports/team/${large.id}/file.csv`]);
  });

  it('leaves objects alone that no import was asked for', async () => {
    const foreign = derivedId(ImportId, 'nobody asked');
    expect(await upload(foreign, 'id\na\n')).toEqual({ batchItemFailures: [] });
    const other = JSON.stringify({
      source: 'aws.s3',
      id: 'event-1',
      detail: { bucket: { name: 'b' }, object: { key: 'imports/team/x.csv', size: 1, etag: 'e' } },
    });
    expect(await work(other)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([]);
  });

  it.each([
    ['nothing', '', /The file is empty/],
    ['blank lines alone', '\n\n', /The file is empty/],
    ['no header that is known', 'a,b\n1,2\n', /lacks what is needed for “id”.*“a”, “b”/],
    ['a header twice', 'id,note,id\n1,2,3\n', /has “id” more than once/],
    [
      'more columns than a file has',
      `${Array.from({ length: 1001 }, (_, at) => `c${String(at)}`).join(',')}\n`,
      /1,?001 columns/,
    ],
    ['a workbook', 'PK\u0003\u0004\u0000\u0000', /Excel workbook/],
  ])('fails with %s in it, and says so', async (_, content, problem) => {
    const failed = await importFile(content);
    expect(failed).toMatchObject({ status: 'failed', created: 0 });
    expect(failed.problem).toMatch(problem);
  });

  it.each([
    ['a quote that is never closed', 'id,note\na,1\nb,2\nc,"3\nd,4\n', /on line 4/],
    [
      'a cell of a megabyte',
      `id,note\na,1\nb,2\nc,${'x'.repeat(MB)}\n`,
      /after line 3 .* longer than 128 KB/,
    ],
    ['a zero byte', 'id,note\na,1\nb,2\nc,\u0000\n', /line 4/],
  ])('keeps the rows before %s, and says where it is', async (_, content, problem) => {
    const failed = await importFile(content);
    expect(failed).toMatchObject({ status: 'failed', created: 2, done: 2 });
    expect(failed.problem).toMatch(problem);
    expect(seen).toEqual(['a', 'b']);
  });

  it('reads the columns that were asked for', async () => {
    const done = await importFile('key,text\na,1\n', { columns: { id: 'key' } });
    expect(done).toMatchObject({ status: 'succeeded', created: 1 });
    const failed = await importFile('key,text\na,1\n', { columns: { id: 'number' } });
    expect(failed.problem).toMatch(/lacks what is needed for “id”/);
  });
});
