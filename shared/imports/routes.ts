import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Scope } from '../auth/scopes.ts';
import { TooLarge } from '../errors/errors.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { idOfNew } from '../http/idempotency.ts';
import { pageQuery } from '../http/page.ts';
import { type RequestFacts, route } from '../http/route.ts';
import { ImportId } from '../ids/id.ts';
import { Currency } from '../money/money.ts';
import type { Clock } from '../time/instant.ts';
import { utf8Text } from './encoding.ts';
import type { ImportKind } from './kind.ts';
import { inspectText } from './inspect.ts';
import { ImportReport } from './report.ts';
import { requestBody, textOf } from './request.ts';
import type { Imports } from './storage.ts';
import { asOfNow, uploadUntil } from './upload.ts';

const MAX_CSV_BYTES = 3 * 1024 * 1024;
/** JSON writes a line break as two characters, a quote as well. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface ImportDeps {
  readonly imports: Imports;
  readonly clock: Clock;
}

const withoutGaps = <T>(record: Readonly<Partial<Record<string, T>>> = {}): Record<string, T> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

const checkedText = (csv: string): string => {
  const bytes = Buffer.byteLength(csv);
  if (bytes > MAX_CSV_BYTES) {
    throw new TooLarge(
      `The file has ${String(bytes)} bytes; up to ${String(MAX_CSV_BYTES)} are taken in with a request. Upload it: ask with upload instead of csv.`,
    );
  }
  return utf8Text(csv);
};

type Start = Pick<RequestFacts, 'idempotencyKey' | 'requestHash'> & {
  readonly body: Omit<z.infer<ReturnType<typeof requestBody>>, 'currency'> & { readonly currency?: unknown };
};

const newImport = ({ kind }: ImportKind, request: Start, clock: Clock) => {
  const { dryRun, values, createMissing } = request.body;
  const currency = Currency.optional().parse(request.body.currency);
  return {
    id: idOfNew(ImportId, request, clock),
    kind,
    dryRun,
    ...(currency === undefined ? {} : { currency }),
    values: withoutGaps(values),
    createMissing,
    ...{ done: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 },
    nextLine: 2,
    deferred: [],
    createdAt: clock.now(),
  };
};
type NewImport = ReturnType<typeof newImport>;

/** The import starts when its file is there, which is looked into then. */
const awaitUpload = async (job: NewImport, request: Start, { imports, clock }: ImportDeps) => {
  const waiting = await imports.awaitUpload(
    {
      ...job,
      status: 'awaitingUpload',
      columns: withoutGaps(request.body.columns),
      file: imports.fileKey(job.id, 'file'),
      rows: 0,
      inspected: false,
      uploadUntil: uploadUntil(clock),
    },
    request,
  );
  const url = await imports.uploadUrl(waiting, clock);
  return {
    ...asOfNow(waiting, clock),
    ...(url !== undefined && { uploadUrl: url, expiresAt: waiting.uploadUntil }),
    errors: [],
  };
};

const startWith = async (
  csv: string,
  job: NewImport,
  { kind, request, imports }: { kind: ImportKind; request: Start; imports: Imports },
) => {
  const text = checkedText(csv);
  const found = await inspectText(kind, text, request.body);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const started = await imports.start(
    {
      ...job,
      status: 'queued',
      columns: found.columns,
      file: imports.fileKey(job.id, hash),
      rows: found.rows,
      bytes: Buffer.byteLength(text),
    },
    text,
    request,
  );
  return { ...started, errors: [] };
};

export interface ImportScopes {
  readonly read: Scope;
  readonly write: Scope;
  /** `/v1/imports/{kind}`, where the kinds of a service share the gateway's routes. */
  readonly via?: string;
}

/** `POST /v1/imports/<kind>` and `GET /v1/imports/<kind>/{id}` of a kind. */
export const importRoutes = (kind: ImportKind, { read, write, via }: ImportScopes) => {
  const start = route({
    method: 'POST',
    path: `/v1/imports/${kind.kind}`,
    ...(via !== undefined && { via }),
    scope: write,
    // A file may hold anyone's records, closed ones included.
    adminsOnly: true,
    summary: `Import ${kind.kind} from a CSV file`,
    description:
      'Answers at once; the rows are taken in by a job. Importing a file again changes nothing. A dry run reports what would be, and counts as updated what rows further down say of a record that one before would make; one that takes longer than 15 seconds may count such a record as created again. With upload the answer has an uploadUrl, and the import starts when the file was PUT there.',
    body: requestBody(kind),
    ...(kind.example !== undefined && { example: kind.example }),
    maxBodyBytes: MAX_BODY_BYTES,
    response: ImportReport,
    status: 202,
    idempotent: true,
    async handle(request, { imports, clock }: ImportDeps) {
      const csv = textOf(request.body);
      const job = newImport(kind, request, clock);
      return csv === undefined
        ? awaitUpload(job, request, { imports, clock })
        : startWith(csv, job, { kind, request, imports });
    },
  });

  const show = route({
    method: 'GET',
    path: `/v1/imports/${kind.kind}/{id}`,
    ...(via !== undefined && { via: `${via}/{id}` }),
    scope: read,
    adminsOnly: true,
    summary: `Get the progress of an import of ${kind.kind}, and its bad rows`,
    params: z.object({ id: ImportId }),
    query: pageQuery,
    response: ImportReport,
    async handle({ params, query }, { imports, clock }: ImportDeps) {
      const job = asOfNow(await imports.get(params.id, kind.kind), clock);
      const binding = { list: 'import-errors', id: job.id };
      const position = query.cursor === undefined ? undefined : decodeCursor(query.cursor, binding);
      const { errors, next } = await imports.errors(job, {
        limit: query.limit,
        from: position && { sk: String(position.sk), offset: Number(position.offset) },
      });
      return {
        ...job,
        ...(job.status === 'awaitingUpload' && { expiresAt: job.uploadUntil }),
        errors: [...errors],
        ...(job.dryRun && { preview: [...(await imports.preview(job))] }),
        ...(next && { nextCursor: encodeCursor({ ...next }, binding) }),
      };
    },
  });

  return [start, show] as const;
};
