import type { ImportRow, ImportRows, RowOutcome } from './kind.ts';
import type { PageOutcome } from './job.ts';
import { asForeseen, rowPreview } from './preview.ts';
import { columnOf, type Mapping, type RowError } from './mapping.ts';

/** In characters. Reports are for reading, and a page of them must fit into an item. */
const MAX_MESSAGE = 300;

const rowError = (
  mapping: Mapping,
  line: number,
  { field, message }: { field?: string; message: string },
): RowError => {
  const column = field === undefined ? undefined : columnOf(mapping, field);
  return { line, ...(column === undefined ? {} : { column }), message: message.slice(0, MAX_MESSAGE) };
};

/**
 * Hands a page of rows in, and counts what became of them. Rows that are broken already (`RowError`) go straight to the
 * report. With `final`, what would be deferred is rejected. `foreseen` is given in a dry run.
 */
export const takeIn = async (
  page: readonly (ImportRow | RowError)[],
  {
    importRows,
    mapping,
    final,
    foreseen,
  }: {
    importRows: ImportRows;
    mapping: Mapping;
    final: boolean;
    foreseen?: Set<string> | undefined;
  },
): Promise<PageOutcome> => {
  const rows = page.filter((row) => 'cells' in row);
  const told = rows.length === 0 ? [] : await importRows(rows);
  const outcomes = foreseen === undefined ? told : asForeseen(told, foreseen);
  if (outcomes.length !== rows.length) {
    throw new TypeError(`${String(rows.length)} rows got ${String(outcomes.length)} outcomes`);
  }
  const count = (outcome: RowOutcome['outcome']) =>
    outcomes.filter((each) => each.outcome === outcome).length;
  const errors: RowError[] = page.filter((row): row is RowError => !('cells' in row));
  const deferred: number[] = [];
  for (const [index, { line }] of rows.entries()) {
    const outcome = outcomes[index];
    if (outcome?.outcome === 'rejected' || (outcome?.outcome === 'deferred' && final)) {
      errors.push(rowError(mapping, line, outcome));
    } else if (outcome?.outcome === 'deferred') {
      deferred.push(line);
    }
  }
  return {
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    errors: errors.toSorted((a, b) => a.line - b.line),
    deferred,
    ...(foreseen && {
      preview: rows.flatMap(({ line }, index) => {
        const outcome = outcomes[index];
        return outcome === undefined ? [] : rowPreview(line, outcome);
      }),
    }),
  };
};
