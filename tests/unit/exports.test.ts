import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { escapedCell, plainCell } from '../../shared/exports/csv-text.ts';
import { exportJob } from '../../shared/exports/job.ts';
import { exportHandler, exportKind } from '../../shared/exports/kind.ts';
import { JobId, newId } from '../../shared/ids/id.ts';
import { type Job, newJob } from '../../shared/jobs/job.ts';
import { addedCounts } from '../../shared/jobs/job.ts';
import { instantFrom } from '../../shared/time/instant.ts';
import { storedObjects } from '../support/stored-objects.ts';

const clock = { now: () => instantFrom(0) };
const ROWS = 60_000;
const numbers = exportKind({ kind: 'numbers', columns: ['id', 'note'], filters: z.strictObject({}) });
const note = 'x'.repeat(190);

const setUp = () => {
  const { s3, objects } = storedObjects();
  let most = 0;
  const handler = exportHandler(numbers, async () => async (position) => {
    const from = Number(position?.from ?? 0);
    const rows = Array.from({ length: 500 }, (_, index) => ({ id: String(from + index), note }));
    return { rows, ...(from + 500 < ROWS && { next: { from: from + 500 } }) };
  });
  const job = exportJob({ s3, bucket: 'b', service: 'deals' }, handler);
  const turn = async (state: Job): Promise<Job> => {
    const page = await job.page(state, { cause: { correlationId: 'c', actor: 'system' }, clock });
    most = Math.max(most, page.counts?.rows ?? 0);
    const { position } = page;
    const counts = addedCounts(state.counts, page.counts ?? {});
    // As it is kept in the table.
    return JSON.parse(JSON.stringify({ ...state, position, counts, pages: state.pages + 1 })) as Job;
  };
  return { objects, turn, most: () => most };
};

const lines = (objects: ReadonlyMap<string, string>): readonly string[] => {
  const [, text = ''] = [...objects].find(([key]) => key.endsWith('numbers.csv')) ?? [];
  return text.trim().split('\n');
};

describe('the file of an export', () => {
  it.each([
    ['without trouble', false],
    ['when every page is written twice, as after a crash', true],
  ])('has each of 60,000 rows once, in parts, %s', async (_, isRepeated) => {
    const { objects, turn, most } = setUp();
    let job = newJob({ id: newId(JobId, 0), kind: 'export-numbers', input: {} }, clock);
    do {
      if (isRepeated && job.position !== undefined) await turn(job);
      job = await turn(job);
    } while (job.position !== undefined);
    expect(job.counts.rows).toBe(ROWS);
    expect(most()).toBeLessThanOrEqual(2000);
    const [header, ...rows] = lines(objects);
    expect(header).toBe('id,note');
    expect(rows).toHaveLength(ROWS);
    expect(new Set(rows).size).toBe(ROWS);
    expect(rows.at(-1)).toBe(`${String(ROWS - 1)},${note}`);
  });
});

describe('a cell of an export', () => {
  test.prop([
    fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', 'a', '1', '.', '\t'), maxLength: 6 }),
  ])('begins no formula, and is what it was when it is imported again', (text) => {
    const cell = escapedCell(text);
    expect(/^[=+@\t]/.test(cell)).toBe(false);
    expect(plainCell(cell)).toBe(text);
  });

  it('is left alone where it is a number', () => {
    expect([escapedCell('-12.50'), escapedCell('-12.50a')]).toEqual(['-12.50', "'-12.50a"]);
  });
});
