import { Unprocessable } from '../errors/errors.ts';
import { countRecords } from './count-rows.ts';
import { csvRecords, type Chunks } from './csv.ts';
import type { CsvRecord } from './csv-parser.ts';
import type { ImportJob } from './job.ts';
import type { ImportKind } from './kind.ts';
import { type Mapping, mapColumns, type MappingRequest } from './mapping.ts';

const EMPTY = 'The file is empty: it has no header.';

/** The first record of the file; undefined of an empty one. */
export const headerOf = async (chunks: Chunks): Promise<CsvRecord | undefined> => {
  for await (const header of csvRecords(chunks)) return header;
  return undefined;
};

/** Field → the file's header, of each field that has a column. */
const columnsOf = (mapping: Mapping): Record<string, string> =>
  Object.fromEntries([...mapping.columns].map(([field, index]) => [field, mapping.header[index] ?? '']));

/** Reads the text of a request once: its columns are found, its rows counted. Throws Unprocessable for what is no such file. */
export const inspectText = async (kind: ImportKind, text: string, request: MappingRequest) => {
  let columns: Record<string, string> | undefined;
  let rows = 0;
  for await (const { cells } of csvRecords([text])) {
    if (columns === undefined) columns = columnsOf(mapColumns(kind, cells, request));
    else rows += 1;
  }
  if (columns === undefined) throw new Unprocessable(EMPTY);
  return { columns, rows };
};

/**
 * The job of an uploaded file, once its header was read and its rows counted, without holding it. Throws Unprocessable for
 * a header that can't be mapped; what is wrong further down is found when the rows are taken in.
 */
export const inspectUpload = async <Job extends ImportJob>(
  kind: ImportKind,
  job: Job,
  read: (from: number) => AsyncIterable<Uint8Array>,
): Promise<Job> => {
  const header = await headerOf(read(0));
  if (header === undefined) throw new Unprocessable(EMPTY);
  const asked = Object.keys(job.columns).length === 0 ? undefined : job.columns;
  const columns = columnsOf(mapColumns(kind, header.cells, { columns: asked }));
  return { ...job, columns, rows: (await countRecords(read(0))) - 1, inspected: true };
};
