import { describe, expect, it } from 'vitest';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { importKind } from '../../../shared/imports/kind.ts';
import { columnOf, mapColumns, readRow } from '../../../shared/imports/mapping.ts';

const deals = importKind({
  kind: 'deals',
  fields: {
    externalId: { required: true, description: 'Key of the deal in the other system' },
    stage: { required: true, description: 'Stage' },
    amount: { description: 'In major units' },
  },
  createMissing: [],
  currency: 'required',
});

const refusal = (act: () => unknown): Unprocessable => {
  try {
    act();
  } catch (error) {
    if (error instanceof Unprocessable) return error;
    throw error;
  }
  throw new Error('it was taken');
};

describe('the mapping of columns', () => {
  it('takes the columns that are named, and leaves the others', () => {
    const mapping = mapColumns(deals, ['id', ' deal_stage ', 'amount'], {
      columns: { externalId: 'id', stage: 'deal_stage' },
      values: { stage: { Won: 'won' } },
    });
    expect(readRow(mapping, { line: 2, cells: [' x1 ', 'Won', '12'] })).toEqual({
      line: 2,
      cells: { externalId: 'x1', stage: 'won' },
    });
    expect(columnOf(mapping, 'stage')).toBe('deal_stage');
    expect(columnOf(mapping, 'amount')).toBeUndefined();
  });

  it('takes headers named like our fields when no columns are named', () => {
    const mapping = mapColumns(deals, ['stage', 'externalId', 'comment'], {});
    expect(readRow(mapping, { line: 2, cells: ['open', 'x1', 'nice'] })).toEqual({
      line: 2,
      cells: { externalId: 'x1', stage: 'open' },
    });
  });

  it('refuses a file that lacks columns, naming all of them and the header it has', () => {
    const { detail, errors } = refusal(() =>
      mapColumns(deals, ['id', 'foo'], { columns: { externalId: 'opportunity', amount: 'value' } }),
    );
    expect(detail).toContain('“id”, “foo”');
    expect(errors).toEqual([
      { path: '/columns/externalId', message: 'the file has no column “opportunity”' },
      { path: '/columns/stage', message: 'is required: name the file’s column for it' },
      { path: '/columns/amount', message: 'the file has no column “value”' },
    ]);
  });

  it('refuses a header that comes twice', () => {
    expect(refusal(() => mapColumns(deals, ['externalId', 'stage', 'stage'], {})).detail).toContain(
      '“stage” more than once',
    );
  });
});

describe('the reading of rows', () => {
  const mapping = mapColumns(deals, ['externalId', 'stage', 'amount'], {
    values: { stage: { '': 'open', constructor: 'x' } },
  });

  it('leaves empty cells out, and translates an empty cell when asked to', () => {
    expect(readRow(mapping, { line: 3, cells: ['x1', '', ' '] })).toEqual({
      line: 3,
      cells: { externalId: 'x1', stage: 'open' },
    });
  });

  it('translates nothing that is not named', () => {
    expect(readRow(mapping, { line: 3, cells: ['x1', 'toString', '1'] })).toMatchObject({
      cells: { stage: 'toString' },
    });
  });

  it('rejects a row with too many or too few cells', () => {
    expect(readRow(mapping, { line: 4, cells: ['x1'] })).toEqual({
      line: 4,
      message: 'the row has 1 cells where the header has 3',
    });
    expect(readRow(mapping, { line: 5, cells: ['x1', 'a', 'b', 'c'] })).toMatchObject({
      line: 5,
      message: expect.stringContaining('4 cells') as string,
    });
  });
});
