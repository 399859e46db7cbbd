import type { Cause } from '../events/cause.ts';
import type { ImportId } from '../ids/id.ts';
import type { Currency } from '../money/money.ts';
import type { Clock } from '../time/instant.ts';

export interface ImportField {
  /** A file in which no column is mapped to a required field is refused. Whether a cell may be empty is the handler's to say. */
  readonly required?: boolean;
  readonly description: string;
}

/** What a kind of import takes in: declared once, known to the routes and to the worker. */
export interface ImportKind<Field extends string = string> {
  /** As in `POST /v1/imports/<kind>`. */
  readonly kind: string;
  readonly fields: Readonly<Record<Field, ImportField>>;
  /** What `createMissing` may name. */
  readonly createMissing: readonly string[];
  /** Whether amounts are read, so that the request must say in which currency they are. */
  readonly currency: 'required' | 'optional' | 'none';
  /** A request that a caller may send, for the OpenAPI document. */
  readonly example?: ImportExample<Field>;
}

interface ImportExample<Field extends string> {
  readonly csv: string;
  readonly currency?: string;
  readonly columns?: Readonly<Partial<Record<Field, string>>>;
  readonly values?: Readonly<Partial<Record<Field, Readonly<Record<string, string>>>>>;
  readonly createMissing?: string[];
}

/** Declares a kind; the names of its fields are kept in its type. */
export const importKind = <const Field extends string>(kind: ImportKind<Field>): ImportKind<Field> => kind;

/** One row of the file, read through `columns` and `values`. */
export interface ImportRow<Field extends string = string> {
  /** The line of the file on which the row starts; the header is line 1. */
  readonly line: number;
  /** Trimmed and translated cells by our field. A field whose column is absent, or whose cell is empty, is absent. */
  readonly cells: Readonly<Partial<Record<Field, string>>>;
}

/** What became of a row. `field` names the cell at fault; the report shows the file's own column for it. */
export type RowOutcome<Field extends string = string> =
  /** `id` is the record's, `changes` names its fields that differ: a dry run shows them of some rows. */
  | {
      readonly outcome: 'created' | 'updated' | 'unchanged';
      readonly id?: string;
      readonly changes?: readonly string[];
    }
  | { readonly outcome: 'rejected'; readonly field?: Field; readonly message: string }
  /**
   * A reference that may be on its way from another service, or further down in the file. The row is handed in again
   * after all others; once the grace has passed, `message` becomes the reason of its rejection.
   */
  | { readonly outcome: 'deferred'; readonly field?: Field; readonly message: string };

/** One import on its way. */
export interface ImportRun {
  readonly importId: ImportId;
  /** Check and count, but write nothing. */
  readonly dryRun: boolean;
  /** Of amounts, which are in major units; set where the kind requires it. */
  readonly currency?: Currency;
  readonly createMissing: ReadonlySet<string>;
  /** On whose behalf: pass it to the repositories that write. */
  readonly cause: Cause;
  readonly clock: Clock;
}

/**
 * Takes in up to `PAGE_ROWS` rows and answers one outcome per row, in their order. Handing in a row again, after a crash
 * or in another import, must be `unchanged`: derive ids from the row's own identity.
 */
export type ImportRows<Field extends string = string> = (
  rows: readonly ImportRow<Field>[],
) => Promise<readonly RowOutcome<Field>[]>;

/** The worker's side of a kind. `open` is called once per invocation: what it loads may be kept for all its pages. */
export interface ImportHandler {
  readonly kind: ImportKind;
  readonly open: (run: ImportRun) => Promise<ImportRows>;
}

/** Binds a kind to what takes its rows in. */
export const importHandler = <const Field extends string>(
  kind: ImportKind<Field>,
  open: (run: ImportRun) => Promise<ImportRows<Field>>,
): ImportHandler => ({ kind, open });

/** How many rows a handler gets at once. */
export const PAGE_ROWS = 500;
