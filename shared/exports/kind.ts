import type * as z from 'zod';
import type { JobRun } from '../jobs/handler.ts';

/** A cell as text; empty where undefined. */
export type Cells = Readonly<Record<string, string | undefined>>;

/** Where the next page begins, in the kind's own words. */
export type ExportPosition = Readonly<Record<string, unknown>>;

export interface ExportPage {
  readonly rows: readonly Cells[];
  /** Absent when there are no more. */
  readonly next?: ExportPosition | undefined;
}

/** What a kind of export holds: declared once, known to the routes and to the worker. */
export interface ExportKind<Filters extends z.ZodObject = z.ZodObject> {
  /** As in `POST /v1/exports/<kind>`. */
  readonly kind: string;
  /** The file's header. Columns that are named like the fields of the kind's import can be imported again as they are. */
  readonly columns: readonly string[];
  /** What may be asked for: `strictObject`s, each filter optional. */
  readonly filters: Filters;
  readonly description?: string;
}

/** Declares a kind; the type of its filters is kept. */
export const exportKind = <Filters extends z.ZodObject>(kind: ExportKind<Filters>): ExportKind<Filters> =>
  kind;

/** Reads all that a kind holds, a page of up to some hundred rows after the other. A page that is read again is the same, or newer. */
export type ReadExport = (position: ExportPosition | undefined) => Promise<ExportPage>;

/** The worker's side of a kind. */
export interface ExportHandler {
  readonly kind: ExportKind;
  /** `filters` as the request gave them. Called once for each page of the job. */
  readonly open: (filters: unknown, run: JobRun) => Promise<ReadExport>;
}

/** Binds a kind to what reads it. */
export const exportHandler = <Filters extends z.ZodObject>(
  kind: ExportKind<Filters>,
  open: (filters: z.output<Filters>, run: JobRun) => Promise<ReadExport>,
): ExportHandler => ({ kind, open: async (filters, run) => open(kind.filters.parse(filters), run) });
