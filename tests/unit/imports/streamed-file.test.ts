import { expect, it } from 'vitest';
import { derivedId, ImportId } from '../../../shared/ids/id.ts';
import { inspectUpload } from '../../../shared/imports/inspect.ts';
import { ImportJob } from '../../../shared/imports/job.ts';
import { importKind } from '../../../shared/imports/kind.ts';

const MB = 1024 * 1024;
const things = importKind({
  kind: 'things',
  fields: { id: { required: true, description: '' }, note: { description: '' } },
  createMissing: [],
  currency: 'none',
});

const HEADER = 'id,note\n';
const row = `1234567,"${'a note, quoted; '.repeat(60)}"\n`;
const ROWS_A_CHUNK = 1024;
const chunk = Buffer.from(row.repeat(ROWS_A_CHUNK));
const chunksOf = (bytes: number): number => Math.ceil(bytes / chunk.length);

/** A stream of so many bytes at least, each chunk a fresh one, as the network has it; and the most that was resident meanwhile. */
const streamed = (bytes: number) => {
  const before = process.memoryUsage.rss();
  const state = { most: 0 };
  async function* read(from: number): AsyncGenerator<Uint8Array> {
    if (from > 0) throw new RangeError('This file is read from its start.');
    yield Buffer.from(HEADER);
    for (let at = 0; at < chunksOf(bytes); at += 1) {
      state.most = Math.max(state.most, process.memoryUsage.rss() - before);
      yield Buffer.from(chunk);
    }
  }
  return { read, state };
};

it('an upload of 200 MB is looked through without being held', { timeout: 30_000 }, async () => {
  const { read, state } = streamed(200 * MB);
  const job = ImportJob.parse({
    id: derivedId(ImportId, 'large'),
    kind: 'things',
    status: 'queued',
    dryRun: false,
    columns: {},
    values: {},
    createMissing: [],
    file: 'x.csv',
    ...{ rows: 0, done: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 },
    nextLine: 2,
    deferred: [],
    createdAt: '2026-11-23T09:00:00.000Z',
  });
  const inspected = await inspectUpload(things, job, read);
  expect(inspected).toMatchObject({ rows: chunksOf(200 * MB) * ROWS_A_CHUNK, columns: { id: 'id' } });
  expect(state.most).toBeLessThan(150 * MB);
});
