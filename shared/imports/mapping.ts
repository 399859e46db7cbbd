import { plainCell } from '../exports/csv-text.ts';
import { Unprocessable, type InputError } from '../errors/errors.ts';
import type { CsvRecord } from './csv-parser.ts';
import type { ImportKind, ImportRow } from './kind.ts';

/** How a request says which column is which, and what its cells mean. Keys are our fields. */
export interface MappingRequest {
  /** Field → the file's header. Without it, headers named like our fields are taken. */
  readonly columns?: Readonly<Partial<Record<string, string>>> | undefined;
  /** Field → cell → what it stands for. */
  readonly values?: Readonly<Partial<Record<string, Readonly<Record<string, string>>>>> | undefined;
}

export interface Mapping {
  readonly header: readonly string[];
  /** Field → index of its column. */
  readonly columns: ReadonlyMap<string, number>;
  readonly values: NonNullable<MappingRequest['values']>;
}

/** More is no table of records. */
const MAX_COLUMNS = 1000;

const quoted = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ');

const duplicatesOf = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => name !== '' && names.indexOf(name) !== index)),
];

/**
 * Finds the column of every field. Throws Unprocessable with everything that is wrong: no header, a header that comes
 * twice, one that is asked for and not there, a required field without a column.
 */
export const mapColumns = (
  kind: ImportKind,
  headerCells: readonly string[],
  request: MappingRequest,
): Mapping => {
  if (headerCells.length > MAX_COLUMNS) {
    throw new Unprocessable(
      `The file has ${String(headerCells.length)} columns; up to ${String(MAX_COLUMNS)} are read. Is it separated by commas?`,
    );
  }
  const header = headerCells.map((name) => name.trim());
  const duplicates = duplicatesOf(header);
  if (duplicates.length > 0)
    throw new Unprocessable(`The file’s header has ${quoted(duplicates)} more than once.`);

  const asked =
    request.columns ?? Object.fromEntries(Object.keys(kind.fields).map((field) => [field, field]));
  const columns = new Map<string, number>();
  const errors: InputError[] = [];
  for (const [field, { required }] of Object.entries(kind.fields)) {
    const name = asked[field]?.trim();
    const index = name === undefined ? -1 : header.indexOf(name);
    if (index >= 0) {
      columns.set(field, index);
    } else if (name !== undefined && request.columns !== undefined) {
      errors.push({ path: `/columns/${field}`, message: `the file has no column “${name}”` });
    } else if (required === true) {
      errors.push({ path: `/columns/${field}`, message: 'is required: name the file’s column for it' });
    }
  }
  if (errors.length > 0) {
    const fields = errors.map(({ path }) => path.slice('/columns/'.length));
    throw new Unprocessable(
      `The file lacks what is needed for ${quoted(fields)}. Its header has ${quoted(header)}.`,
      errors,
    );
  }
  return { header, columns, values: request.values ?? {} };
};

/** A bad row as the report shows it. `column` is the file's own name of the column. */
export interface RowError {
  readonly line: number;
  readonly column?: string;
  readonly message: string;
}

/** The report's name for a field's column. */
export const columnOf = (mapping: Mapping, field: string): string | undefined =>
  mapping.header[mapping.columns.get(field) ?? -1];

/** The record's cells by field, trimmed and translated; or what is wrong with its shape. */
export const readRow = (
  mapping: Mapping,
  { line, cells }: Pick<CsvRecord, 'line' | 'cells'>,
): ImportRow | RowError => {
  if (cells.length !== mapping.header.length) {
    const counts = `${String(cells.length)} cells where the header has ${String(mapping.header.length)}`;
    return { line, message: `the row has ${counts}` };
  }
  const read: Record<string, string> = {};
  for (const [field, index] of mapping.columns) {
    const cell = plainCell((cells[index] ?? '').trim());
    const translations = mapping.values[field];
    const value = translations !== undefined && Object.hasOwn(translations, cell) ? translations[cell] : cell;
    if (value !== undefined && value !== '') read[field] = value;
  }
  return { line, cells: read };
};
