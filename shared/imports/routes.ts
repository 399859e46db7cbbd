import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Scope } from '../auth/scopes.ts';
import { TooLarge, Unprocessable } from '../errors/errors.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { idOfNew } from '../http/idempotency.ts';
import { pageQuery } from '../http/page.ts';
import { route } from '../http/route.ts';
import { ImportId } from '../ids/id.ts';
import { Currency } from '../money/money.ts';
import type { Clock } from '../time/instant.ts';
import { csvRecords } from './csv.ts';
import { utf8Text } from './encoding.ts';
import { ImportJob } from './job.ts';
import type { ImportKind } from './kind.ts';
import { mapColumns } from './mapping.ts';
import type { Imports } from './storage.ts';

const MAX_CSV_BYTES = 3 * 1024 * 1024;
/** JSON writes a line break as two characters, a quote as well. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface ImportDeps {
  readonly imports: Imports;
  readonly clock: Clock;
}

const RowErrorSchema = z.object({
  line: z.int().describe('Of the file; the header is line 1.'),
  column: z.string().optional().describe('As the file’s header spells it.'),
  message: z.string(),
});

const ImportReport = ImportJob.pick({
  id: true,
  kind: true,
  status: true,
  dryRun: true,
  rows: true,
  done: true,
  created: true,
  updated: true,
  unchanged: true,
  rejected: true,
  createdAt: true,
  finishedAt: true,
})
  .extend({
    rows: z.int().describe('Of the file, without header and blank lines. `done` of them have an outcome.'),
    problem: z.string().optional().describe('Why the import failed as a whole.'),
    errors: z.array(RowErrorSchema).describe('The rows that were rejected; the others are in.'),
    nextCursor: z.string().optional(),
    version: z.int(),
  })
  .meta({ id: 'ImportReport' });

const requestBody = ({ fields, createMissing, currency }: ImportKind) => {
  const field = z.enum(Object.keys(fields));
  const described = Object.entries(fields)
    .map(
      ([name, { required, description }]) =>
        `${name}${required === true ? ' (required)' : ''}: ${description}`,
    )
    .join('; ');
  const amounts = Currency.describe('Of all amounts, which are in major units.');
  return z.strictObject({
    csv: z
      .string()
      .min(1, 'must not be empty')
      .describe('The file’s text, UTF-8, up to 3 MB, with a header.'),
    dryRun: z.boolean().default(false).describe('Check and count, but change nothing.'),
    ...(currency === 'none' ? {} : { currency: currency === 'required' ? amounts : amounts.optional() }),
    columns: z
      .partialRecord(field, z.string().min(1))
      .optional()
      .describe(`Our field → the file’s header. Fields: ${described}.`),
    values: z
      .partialRecord(field, z.record(z.string(), z.string()))
      .optional()
      .describe('Field → cell → its meaning.'),
    createMissing: z
      .array(z.enum(createMissing))
      .default([])
      .describe('What to make by name where it is missing.'),
  });
};

/** Reads the file once: its columns are found, its rows counted. Throws Unprocessable for what is no such file. */
const inspect = async (kind: ImportKind, text: string, request: Parameters<typeof mapColumns>[2]) => {
  let columns: Record<string, string> | undefined;
  let rows = 0;
  for await (const { cells } of csvRecords([text])) {
    if (columns === undefined) {
      const mapping = mapColumns(kind, cells, request);
      columns = Object.fromEntries(
        [...mapping.columns].map(([field, index]) => [field, mapping.header[index] ?? '']),
      );
    } else {
      rows += 1;
    }
  }
  if (columns === undefined) throw new Unprocessable('The file is empty: it has no header.');
  return { columns, rows };
};

const withoutGaps = <T>(record: Readonly<Partial<Record<string, T>>> = {}): Record<string, T> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

/** `POST /v1/imports/<kind>` and `GET /v1/imports/<kind>/{id}` of a kind. */
export const importRoutes = (kind: ImportKind, scopes: { readonly read: Scope; readonly write: Scope }) => {
  const body = requestBody(kind);

  const start = route({
    method: 'POST',
    path: `/v1/imports/${kind.kind}`,
    scope: scopes.write,
    // A file may hold anyone's records, closed ones included.
    adminsOnly: true,
    summary: `Import ${kind.kind} from a CSV file`,
    description: 'Answers at once; the rows are taken in by a job. Importing a file again changes nothing.',
    body,
    ...(kind.example !== undefined && { example: kind.example }),
    maxBodyBytes: MAX_BODY_BYTES,
    response: ImportReport,
    status: 202,
    idempotent: true,
    async handle(request, { imports, clock }: ImportDeps) {
      const { csv, dryRun, columns, values, createMissing } = request.body;
      const bytes = Buffer.byteLength(csv);
      if (bytes > MAX_CSV_BYTES) {
        throw new TooLarge(
          `The file has ${String(bytes)} bytes; up to ${String(MAX_CSV_BYTES)} are taken in.`,
        );
      }
      const text = utf8Text(csv);
      const found = await inspect(kind, text, { columns, values });
      const id = idOfNew(ImportId, request, clock);
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
      const currency = Currency.optional().parse(
        'currency' in request.body ? request.body.currency : undefined,
      );
      const job: ImportJob = {
        id,
        kind: kind.kind,
        status: 'queued',
        dryRun,
        ...(currency === undefined ? {} : { currency }),
        columns: found.columns,
        values: withoutGaps(values),
        createMissing,
        file: imports.fileKey(id, hash),
        rows: found.rows,
        bytes: Buffer.byteLength(text),
        ...{ done: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 },
        nextLine: 2,
        deferred: [],
        createdAt: clock.now(),
      };
      return { ...(await imports.start(job, text, request)), errors: [] };
    },
  });

  const show = route({
    method: 'GET',
    path: `/v1/imports/${kind.kind}/{id}`,
    scope: scopes.read,
    adminsOnly: true,
    summary: `Get the progress of an import of ${kind.kind}, and its bad rows`,
    params: z.object({ id: ImportId }),
    query: pageQuery,
    response: ImportReport,
    async handle({ params, query }, { imports }: ImportDeps) {
      const job = await imports.get(params.id, kind.kind);
      const binding = { list: 'import-errors', id: job.id };
      const position = query.cursor === undefined ? undefined : decodeCursor(query.cursor, binding);
      const { errors, next } = await imports.errors(job, {
        limit: query.limit,
        from: position && { sk: String(position.sk), offset: Number(position.offset) },
      });
      return { ...job, errors: [...errors], ...(next && { nextCursor: encodeCursor({ ...next }, binding) }) };
    },
  });

  return [start, show] as const;
};
