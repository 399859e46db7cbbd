import { stringify } from 'csv-stringify/sync';
import type { Cells } from './kind.ts';

/** What a spreadsheet takes for the beginning of a formula, also behind apostrophes, which it drops. */
const FORMULA = /^'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** The text so that no spreadsheet carries it out. An import takes the apostrophe away again (`plainCell`). */
export const escapedCell = (text: string): string =>
  FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;

/** What the cell said before it was escaped. */
export const plainCell = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;

const csv = (rows: readonly (readonly string[])[]): string => stringify(rows.map((row) => [...row]));

export const headerText = (columns: readonly string[]): string => csv([columns]);

export const rowsText = (columns: readonly string[], rows: readonly Cells[]): string =>
  csv(rows.map((row) => columns.map((column) => escapedCell(row[column] ?? ''))));
