import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../shared/events/cause.ts';
import { derivedId, ImportId } from '../../../shared/ids/id.ts';
import { ImportJob } from '../../../shared/imports/job.ts';
import { importHandler, importKind, type ImportRow, type RowOutcome } from '../../../shared/imports/kind.ts';
import type { RowError } from '../../../shared/imports/mapping.ts';
import { carryOn } from '../../../shared/imports/run.ts';
import { instantFrom } from '../../../shared/time/instant.ts';

const things = importKind({
  kind: 'things',
  fields: { id: { required: true, description: '' }, parent: { description: '' } },
  createMissing: [],
  currency: 'none',
});

const cause: Cause = { correlationId: 'c', actor: 'system' };

/** An import of `csv` in memory; time passes only while it waits. */
const setUp = (csv: string, takeIn: (row: ImportRow<'id' | 'parent'>) => RowOutcome<'id' | 'parent'>) => {
  const state = { now: 0, errors: [] as RowError[], saves: 0, seen: 0, stopAfterSaves: Infinity };
  const clock = { now: () => instantFrom(state.now) };
  let stored = ImportJob.parse({
    id: derivedId(ImportId, 'x'),
    kind: 'things',
    status: 'queued',
    dryRun: false,
    columns: { id: 'id', parent: 'parent' },
    values: {},
    createMissing: [],
    file: 'imports/things/x.csv',
    rows: csv.trim().split('\n').length - 1,
    done: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    nextLine: 2,
    deferred: [],
    createdAt: instantFrom(0),
  });
  const handler = importHandler(things, async () => async (rows) => {
    state.seen += rows.length;
    return rows.map(takeIn);
  });
  const carry = async () =>
    carryOn(stored, {
      handler,
      run: { importId: stored.id, dryRun: false, createMissing: new Set(), cause, clock },
      steps: {
        read: (_, from) => [Buffer.from(csv).subarray(from)],
        async save(job, errors) {
          state.errors.push(...errors);
          state.saves += 1;
          stored = job;
          return job;
        },
        isTimeUp: () => state.saves >= state.stopAfterSaves,
        async wait(milliseconds) {
          state.now += milliseconds;
        },
      },
    });
  return { state, carry };
};

const rows = (count: number) => Array.from({ length: count }, (_, index) => `t${String(index)},`).join('\n');

describe('an import', () => {
  it('takes every row in, page by page, and counts what became of them', async () => {
    const { carry, state } = setUp(`id,parent\n${rows(1201)}\n`, ({ cells }) => ({
      outcome: cells.id?.endsWith('1') === true ? 'updated' : 'created',
    }));
    expect(await carry()).toMatchObject({
      status: 'succeeded',
      rows: 1201,
      done: 1201,
      created: 1081,
      updated: 120,
    });
    expect(state.saves).toBe(4);
  });

  it('reports each of 10,000 bad rows, with its line and column', async () => {
    const { carry, state } = setUp(`id,parent\n${rows(10_000)}\n`, () => ({
      outcome: 'rejected',
      field: 'parent',
      message: 'is missing',
    }));
    expect(await carry()).toMatchObject({ status: 'succeeded', done: 10_000, rejected: 10_000 });
    expect(state.errors).toHaveLength(10_000);
    expect(state.errors[9999]).toEqual({ line: 10_001, column: 'parent', message: 'is missing' });
  });

  it('stops when its time is up, and goes on later where it stood', async () => {
    const { carry, state } = setUp(`id,parent\n${rows(1100)}\n`, () => ({ outcome: 'created' }));
    state.stopAfterSaves = 1;
    expect(await carry()).toMatchObject({ status: 'running', done: 500, nextLine: 502 });
    state.stopAfterSaves = 2;
    expect(await carry()).toMatchObject({ status: 'running', done: 1000 });
    state.stopAfterSaves = Infinity;
    expect(await carry()).toMatchObject({ status: 'succeeded', done: 1100, created: 1100 });
    expect(state.seen).toBe(1100);
  });

  it('takes a row that refers to a later one in after that one', async () => {
    const known = new Set<string>();
    const { carry, state } = setUp('id,parent\nleaf,branch\nbranch,root\nroot,\n', ({ cells }) => {
      if (cells.parent !== undefined && !known.has(cells.parent)) {
        return { outcome: 'deferred', field: 'parent', message: `there is no ${cells.parent}` };
      }
      known.add(cells.id ?? '');
      return { outcome: 'created' };
    });
    expect(await carry()).toMatchObject({ status: 'succeeded', created: 3, rejected: 0, deferred: [] });
    expect(state.now).toBe(0);
  });

  it('waits for a reference that is on its way', async () => {
    const { carry, state } = setUp('id,parent\na,late\nb,\n', ({ cells }) =>
      cells.parent !== undefined && state.now < 3000
        ? { outcome: 'deferred', field: 'parent', message: 'there is no late' }
        : { outcome: 'created' },
    );
    expect(await carry()).toMatchObject({ status: 'succeeded', created: 2, rejected: 0 });
    expect(state.now).toBe(3000);
  });

  it('rejects what refers to something that has not come within the grace', async () => {
    const { carry, state } = setUp('id,parent\na,nobody\nb,\n', ({ cells }) =>
      cells.parent === undefined
        ? { outcome: 'created' }
        : { outcome: 'deferred', field: 'parent', message: 'there is no nobody' },
    );
    expect(await carry()).toMatchObject({
      status: 'succeeded',
      done: 2,
      created: 1,
      rejected: 1,
      deferred: [],
    });
    expect(state.errors).toEqual([{ line: 2, column: 'parent', message: 'there is no nobody' }]);
    expect(state.now).toBeGreaterThanOrEqual(20_000);
    expect(state.now).toBeLessThan(22_000);
  });

  it('keeps the lines of rows it waits for when it is stopped meanwhile', async () => {
    const { carry, state } = setUp('id,parent\na,late\n', () =>
      state.now < 1000 ? { outcome: 'deferred', message: 'not there' } : { outcome: 'created' },
    );
    state.stopAfterSaves = 1;
    expect(await carry()).toMatchObject({ status: 'running', done: 0, deferred: [2] });
    state.now = 1000;
    state.stopAfterSaves = Infinity;
    expect(await carry()).toMatchObject({ status: 'succeeded', done: 1, created: 1, deferred: [] });
  });

  it('has nothing to do for a file with a header alone', async () => {
    const { carry } = setUp('id,parent\n', () => ({ outcome: 'created' }));
    expect(await carry()).toMatchObject({ status: 'succeeded', done: 0 });
  });
});
