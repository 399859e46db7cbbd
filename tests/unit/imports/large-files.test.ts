import { describe, expect, it } from 'vitest';
import { derivedId, ImportId } from '../../../shared/ids/id.ts';
import { ImportJob } from '../../../shared/imports/job.ts';
import { importHandler, importKind, type RowOutcome } from '../../../shared/imports/kind.ts';
import { carryOn } from '../../../shared/imports/run.ts';
import { instantFrom } from '../../../shared/time/instant.ts';

const things = importKind({
  kind: 'things',
  fields: { id: { required: true, description: '' }, note: { description: '' } },
  createMissing: [],
  currency: 'none',
});

const HEADER = 'id,note\n';
const ROWS = 20_000;
const row = (index: number) =>
  `t${String(index).padStart(6, '0')},"a note of ${String(index).padStart(6, '0')}, quoted"\n`;
const ROW_BYTES = Buffer.byteLength(row(0));
const CHUNK = 64 * 1024;

/** The bytes of a file that nobody holds: each chunk is made when it is asked for. */
const chunkAt = (from: number): Buffer => {
  if (from < HEADER.length) return Buffer.from(HEADER.slice(from));
  const first = Math.floor((from - HEADER.length) / ROW_BYTES);
  const rows = Math.min(Math.ceil(CHUNK / ROW_BYTES), ROWS - first);
  const text = Array.from({ length: Math.max(0, rows) }, (_, index) => row(first + index)).join('');
  return Buffer.from(text).subarray((from - HEADER.length) % ROW_BYTES);
};

/** An import of that file; `stopAfter` pages an invocation. */
const setUp = ({
  stopAfter = Infinity,
  takeIn,
}: {
  stopAfter?: number;
  takeIn: (id: string) => RowOutcome<'id'>;
}) => {
  const state = { read: 0, handedIn: 0, mostAhead: 0, saves: 0, now: 0 };
  let stored = ImportJob.parse({
    id: derivedId(ImportId, 'x'),
    kind: 'things',
    status: 'queued',
    dryRun: false,
    columns: {},
    values: {},
    createMissing: [],
    file: 'x.csv',
    rows: ROWS,
    ...{ done: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 },
    nextLine: 2,
    deferred: [],
    createdAt: instantFrom(0),
  });
  stored = { ...stored, columns: { id: 'id', note: 'note' } };
  const handler = importHandler(things, async () => async (rows) => {
    state.handedIn += rows.length;
    state.mostAhead = Math.max(state.mostAhead, state.read - state.handedIn * ROW_BYTES);
    return rows.map(({ cells }) => takeIn(cells.id ?? ''));
  });
  const carry = async () => {
    const until = state.saves + stopAfter;
    return carryOn(stored, {
      handler,
      run: {
        importId: stored.id,
        dryRun: false,
        createMissing: new Set(),
        cause: { correlationId: 'c', actor: 'system' },
        clock: { now: () => instantFrom(state.now) },
      },
      steps: {
        *read(_, from) {
          for (let at = from; ;) {
            const chunk = chunkAt(at);
            if (chunk.length === 0) return;
            state.read += chunk.length;
            at += chunk.length;
            yield chunk;
          }
        },
        async save(job) {
          state.saves += 1;
          stored = job;
          return job;
        },
        isTimeUp: () => state.saves >= until,
        async wait(milliseconds) {
          state.now += milliseconds;
        },
      },
    });
  };
  return { state, carry };
};

describe('an import of 20,000 rows', () => {
  it('never reads further ahead than a chunk and a page', async () => {
    const { state, carry } = setUp({ takeIn: () => ({ outcome: 'created' }) });
    expect(await carry()).toMatchObject({ status: 'succeeded', done: ROWS, created: ROWS });
    // A chunk for the header, one for the rows, and the page.
    expect(state.mostAhead).toBeLessThan(2 * (CHUNK + ROW_BYTES) + 500 * ROW_BYTES);
  });

  it('reads the file once, however often it is stopped', async () => {
    const { state, carry } = setUp({ stopAfter: 5, takeIn: () => ({ outcome: 'created' }) });
    const invocations = ROWS / 500 / 5;
    for (let turn = 1; turn <= invocations; turn += 1)
      expect(await carry()).toMatchObject({ status: 'running' });
    expect(await carry()).toMatchObject({ status: 'succeeded', created: ROWS });
    // What was read ahead when it was stopped is read again, and so is the header.
    const again = (invocations + 1) * (2 * (CHUNK + ROW_BYTES) + HEADER.length);
    expect(state.read).toBeLessThan(ROWS * ROW_BYTES + again);
  });

  it('finds rows that wait again after a stop, and takes each in once', async () => {
    const created = new Set<string>();
    const isLate = (id: string) => Number(id.slice(1)) % 100 === 7;
    const { state, carry } = setUp({
      stopAfter: 7,
      takeIn: (id) => {
        if (isLate(id) && created.size < ROWS * 0.9) return { outcome: 'deferred', message: 'not there' };
        expect(created.has(id)).toBe(false);
        created.add(id);
        return { outcome: 'created' };
      },
    });
    let job = await carry();
    for (let turns = 0; job.status === 'running' && turns < 20; turns += 1) job = await carry();
    expect(job).toMatchObject({ status: 'succeeded', created: ROWS, rejected: 0, deferred: [] });
    expect(created.size).toBe(ROWS);
    expect(state.now).toBe(0);
  });
});
