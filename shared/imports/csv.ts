import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Unprocessable } from '../errors/errors.ts';

/** One record of the file. `line` is the one on which it starts, from 1; a quoted cell may span several. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** In bytes. What is longer is a quote that was never closed. */
const MAX_RECORD = 128 * 1024;

/** Every kind of line end as `\n`, so that lines are counted alike wherever a file was written. */
async function* withPlainLineEnds(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    const text = held + chunk;
    // The other half of a `\r\n` may come with the next chunk.
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replaceAll(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

const problems: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_MAX_RECORD_SIZE: 'the record is longer than 128 KB; is a quote never closed?',
};

/**
 * The records of a CSV file (RFC 4180), the header first; blank ones are left out. Reads as it goes, holding one
 * record at a time. Throws Unprocessable, naming the line, where the file is no CSV.
 */
export async function* csvRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<CsvRecord> {
  let last = { lines: 0, empty_lines: 0 };
  /** Of the records that the parser has read and the loop has not. */
  const starts: number[] = [];
  const parser = parse({
    record_delimiter: '\n',
    relax_column_count: true,
    // A quote within an unquoted cell is an inch, not an error.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    on_record: (cells, { lines, empty_lines }) => {
      starts.push(last.lines + 1 + empty_lines - last.empty_lines);
      last = { lines, empty_lines };
      return cells;
    },
  });
  try {
    // What goes wrong in any part is thrown by the loop; the callback only keeps it from being thrown twice.
    pipeline(Readable.from(withPlainLineEnds(chunks)), parser, () => undefined);
    for await (const cells of parser as AsyncIterable<string[]>) {
      const line = starts.shift() ?? 0;
      if (cells.some((cell) => cell.trim() !== '')) yield { line, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Unprocessable(
      `The record after line ${String(last.lines)} can’t be read: ${problems[error.code] ?? error.message}.`,
    );
  }
}
