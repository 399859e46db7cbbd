import { CsvError } from 'csv-parse';
import { Unprocessable } from '../errors/errors.ts';
import { CsvParser, type CsvRecord, type FilePosition } from './csv-parser.ts';
import { markOf, NotUtf8, utf8Chunks } from './utf8.ts';

/** What a file is read in. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

const START: FilePosition = { byte: 0, line: 1 };

/** The line of the text, from 0, on which a quote is opened that the text does not close; undefined where none is. */
const openQuote = (text: string): number | undefined => {
  let line = 0;
  let opened: number | undefined;
  let isCellStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (opened === undefined) {
      if (character === '"' && isCellStart) opened = line;
      isCellStart = character === ',' || character === '\n';
    } else if (character === '"') {
      // Two of them are how a quote is written within quotes.
      if (text[at + 1] === '"') at += 1;
      else opened = undefined;
    }
    if (character === '\n') line += 1;
  }
  return opened;
};

const unreadable = (error: CsvError | NotUtf8, { text, from }: ReturnType<CsvParser['unread']>) => {
  const lineAfter = (breaks: number) => String(from.line + breaks);
  if (error instanceof NotUtf8) {
    const line = lineAfter(text.split('\n').length - 1);
    return new Unprocessable(
      `The file must be UTF-8. It looks like ${error.looksLike} (line ${line}, byte ${String(error.byte)}).`,
    );
  }
  const what = `The record after line ${lineAfter(-1)} can’t be read`;
  const quote = openQuote(text);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new Unprocessable(
      `${what}: a quote is opened and never closed. It was opened on line ${lineAfter(quote ?? 0)}.`,
    );
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return new Unprocessable(
      quote === undefined
        ? `${what}: it is longer than 128 KB.`
        : `${what}: it is longer than 128 KB. Is the quote that was opened on line ${lineAfter(quote)} never closed?`,
    );
  return new Unprocessable(`${what}: ${error.message}.`);
};

/**
 * The records of a UTF-8 CSV file (RFC 4180), the header first; blank ones are left out. Reads as it goes, holding a chunk
 * and one record at a time. `start` is where the chunks begin in the file, after a record. Throws Unprocessable, naming the
 * line, where the file is no CSV, or no UTF-8; the records before are handed out first.
 */
export async function* csvRecords(chunks: Chunks, start: FilePosition = START): AsyncGenerator<CsvRecord> {
  let parser: CsvParser | undefined;
  try {
    for await (const chunk of utf8Chunks(chunks, start.byte)) {
      const mark = parser === undefined && start.byte === 0 ? markOf(chunk) : 0;
      parser ??= new CsvParser({ ...start, byte: start.byte + mark });
      const { records, error } = await parser.feed(chunk.subarray(mark));
      yield* records;
      if (error !== undefined) throw error;
    }
    if (parser === undefined) return;
    const { records, error } = await parser.end();
    yield* records;
    if (error !== undefined) throw error;
  } catch (error) {
    // The parser keeps a few bytes back until it sees what follows them; blanks will do, for nothing else is to come.
    if (error instanceof NotUtf8 && parser !== undefined)
      yield* (await parser.feed(Buffer.from(' '.repeat(8)))).records;
    if (error instanceof CsvError || error instanceof NotUtf8)
      throw unreadable(error, parser?.unread() ?? { text: '', from: start });
    throw error;
  } finally {
    parser?.close();
  }
}
