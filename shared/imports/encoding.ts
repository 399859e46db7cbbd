import { Unprocessable } from '../errors/errors.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** What a file looks like that was not UTF-8, or was not read as UTF-8, by the time it is text. */
const signs: readonly { readonly pattern: RegExp; readonly looksLike: string }[] = [
  // Every other byte of ASCII text in UTF-16 is zero; its byte order mark is no UTF-8.
  { pattern: /\0/, looksLike: 'UTF-16 (or binary): it holds a zero byte' },
  // Bytes above 127 that stand alone are no UTF-8; decoders put U+FFFD in their place.
  { pattern: /\uFFFD/, looksLike: 'Latin-1 or Windows-1252: it holds a byte that is no UTF-8' },
  { pattern: /^\u00EF\u00BB\u00BF/, looksLike: 'UTF-8 that was read as Latin-1' },
  { pattern: /\p{Surrogate}/u, looksLike: 'broken: it holds half a character' },
];

const placeOf = (text: string, index: number): string => {
  const before = text.slice(0, index);
  const line = (before.match(/\r\n?|\n/g) ?? []).length + 1;
  const byte = new TextEncoder().encode(before).length;
  return `line ${String(line)}, byte ${String(byte)}`;
};

/**
 * The text of a UTF-8 file without its byte order mark. Throws Unprocessable that names the encoding found and the place
 * (bytes counted from 0) where the file can't be UTF-8.
 */
export const utf8Text = (text: string): string => {
  for (const { pattern, looksLike } of signs) {
    const index = text.search(pattern);
    if (index >= 0) {
      throw new Unprocessable(
        `The file must be UTF-8. It looks like ${looksLike} (${placeOf(text, index)}).`,
      );
    }
  }
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
};
