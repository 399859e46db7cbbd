import { parse, type Parser } from 'csv-parse';
import { LineEnds } from './line-ends.ts';

/** A place in a file, between two records: the byte from 0, and the line that begins there, from 1. */
export interface FilePosition {
  readonly byte: number;
  readonly line: number;
}

/** One record of the file. `line` is the one on which it starts, from 1; a quoted cell may span several. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  /** Where the record before it ends: reading from here gives this record first, whatever blank lines are between. */
  readonly from: FilePosition;
  /** Where to read on. */
  readonly to: FilePosition;
}

/** In bytes. What is longer is a quote that was never closed, or no row. */
const MAX_RECORD = 128 * 1024;

/** The parser, fed by hand: a chunk in, its records out, also where an error ends it. */
export class CsvParser {
  readonly #lineEnds = new LineEnds();
  readonly #start: FilePosition;
  readonly #parser: Parser;
  #ready: CsvRecord[] = [];
  /** Chunks that hold what no record was made of yet: at most a record and a chunk. */
  #tail: { readonly start: number; readonly bytes: Buffer }[] = [];
  #last = { end: 0, lines: 0, blank: 0 };
  /** Where the last record ended. */
  #from: FilePosition;

  constructor(start: FilePosition) {
    this.#start = start;
    this.#from = start;
    this.#parser = parse({
      record_delimiter: '\n',
      relax_column_count: true,
      // A quote within an unquoted cell is an inch, not an error.
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD,
      on_record: (cells: string[], { lines, empty_lines, bytes }) => {
        this.#take(cells, { end: bytes, lines, blank: empty_lines });
        // Taken from here rather than from the stream, which loses those that come before an error.
        return null;
      },
    });
    // Whoever feeds it is told by the callback; without a listener the process would end.
    this.#parser.on('error', () => undefined);
  }

  async feed(chunk: Buffer): Promise<{ readonly records: readonly CsvRecord[]; readonly error?: Error }> {
    return this.#write(this.#lineEnds.take(chunk));
  }

  async end(): Promise<{ readonly records: readonly CsvRecord[]; readonly error?: Error }> {
    const { records, error } = await this.#write(this.#lineEnds.end());
    if (error !== undefined) return { records, error };
    const rest = await this.#result((done) => this.#parser.end(done));
    return { ...rest, records: [...records, ...rest.records] };
  }

  close(): void {
    this.#parser.destroy();
  }

  /** What follows the last record, and where it begins. */
  unread(): { readonly text: string; readonly from: FilePosition } {
    const bytes = this.#tail.map(({ start, bytes: chunk }) =>
      chunk.subarray(Math.max(0, this.#last.end - start)),
    );
    return { text: Buffer.concat(bytes).toString('utf8'), from: this.#from };
  }

  async #write(bytes: Buffer) {
    this.#tail.push({ start: this.#lineEnds.written - bytes.length, bytes });
    return this.#result((done) => this.#parser.write(bytes, done));
  }

  async #result(work: (done: (error?: Error | null) => void) => unknown) {
    const error = await new Promise<Error | undefined>((resolve) => {
      work((problem) => {
        resolve(problem ?? undefined);
      });
    });
    const records = this.#ready;
    this.#ready = [];
    this.#tail = this.#tail.filter(({ start, bytes }) => start + bytes.length > this.#last.end);
    return { records, ...(error && { error }) };
  }

  #take(cells: readonly string[], read: { end: number; lines: number; blank: number }): void {
    const start = this.#start;
    const line = start.line + this.#last.lines + read.blank - this.#last.blank;
    const to = { byte: start.byte + this.#lineEnds.inputByte(read.end), line: start.line + read.lines };
    if (cells.some((cell) => cell.trim() !== '')) this.#ready.push({ line, cells, from: this.#from, to });
    this.#from = to;
    this.#last = read;
  }
}
