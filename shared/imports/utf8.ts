import { isUtf8 } from 'node:buffer';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The length of the byte order mark with which the bytes begin; 0 where there is none. */
export const markOf = (bytes: Buffer): number =>
  bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;

/** How files of other kinds begin. */
const beginnings: readonly { readonly bytes: Buffer; readonly looksLike: string }[] = [
  { bytes: Buffer.from('PK\u0003\u0004'), looksLike: 'a ZIP archive or an Excel workbook; save it as CSV' },
  { bytes: Buffer.from([0x1f, 0x8b]), looksLike: 'compressed by gzip; send it uncompressed' },
  { bytes: Buffer.from('%PDF'), looksLike: 'a PDF document' },
  { bytes: Buffer.from([0xff, 0xfe]), looksLike: 'UTF-16' },
  { bytes: Buffer.from([0xfe, 0xff]), looksLike: 'UTF-16' },
  { bytes: Buffer.from('\u00EF\u00BB\u00BF', 'utf8'), looksLike: 'UTF-8 that was read as Latin-1' },
];

/** Something in the file is no UTF-8 text. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
  /** Of the file, from 0. */
  readonly byte: number;
  readonly looksLike: string;

  constructor(byte: number, looksLike: string) {
    super(`The file looks like ${looksLike}.`);
    this.byte = byte;
    this.looksLike = looksLike;
  }
}

/** How many bytes of it hold whole characters: the last one may go on in the next chunk. */
const wholeCharacters = (chunk: Buffer): number => {
  for (let back = 1; back <= Math.min(3, chunk.length); back += 1) {
    const byte = chunk[chunk.length - back] ?? 0;
    if (byte < 0x80) return chunk.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? chunk.length - back : chunk.length;
    }
  }
  return chunk.length;
};

/** The first thing that is wrong with the text, if anything is. */
const fault = (text: Buffer): { readonly at: number; readonly looksLike: string } | undefined => {
  const zero = text.indexOf(0);
  if (isUtf8(text))
    return zero === -1 ? undefined : { at: zero, looksLike: 'UTF-16 (or binary): it holds a zero byte' };
  const decoded = text.toString('utf8');
  const at = Buffer.byteLength(decoded.slice(0, decoded.indexOf('\uFFFD')));
  return zero !== -1 && zero < at
    ? { at: zero, looksLike: 'UTF-16 (or binary): it holds a zero byte' }
    : { at, looksLike: 'Latin-1 or Windows-1252: it holds a byte that is no UTF-8' };
};

/**
 * The bytes of a UTF-8 text in chunks of whole characters; `from` is the byte of the file at which they begin. What comes
 * before something else is handed on first. Throws NotUtf8.
 */
export async function* utf8Chunks(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  from = 0,
): AsyncGenerator<Buffer> {
  let at = from;
  let held: Buffer = Buffer.alloc(0);
  let isFirst = from === 0;
  for await (const chunk of chunks) {
    const all = Buffer.concat([held, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
    // The longest beginning has six bytes.
    if (isFirst && all.length < 6) {
      held = all;
      continue;
    }
    const whole = wholeCharacters(all);
    held = all.subarray(whole);
    yield* checked(all.subarray(0, whole), at, isFirst);
    isFirst = false;
    at += whole;
  }
  if (held.length > 0) yield* checked(held, at, isFirst);
}

function* checked(text: Buffer, at: number, isFirst: boolean): Generator<Buffer> {
  const other = isFirst
    ? beginnings.find(({ bytes }) => text.subarray(0, bytes.length).equals(bytes))
    : undefined;
  if (other !== undefined) throw new NotUtf8(at, other.looksLike);
  const found = fault(text);
  yield text.subarray(0, found?.at);
  if (found !== undefined) throw new NotUtf8(at + found.at, found.looksLike);
}
