import { TooLarge } from '../errors/errors.ts';

/** An item as the document client reads and writes it. */
export type Item = Readonly<Record<string, unknown>>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** DynamoDB's limit: 400 KB for attribute names and values together. */
export const MAX_ITEM_BYTES = 400 * 1024;

const utf8 = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * The size that DynamoDB counts: UTF-8 bytes of names and strings, about a byte per two digits of a number, one byte
 * of overhead per element of a list or map and three per list or map. Numbers are counted at their largest.
 */
export const itemBytes = (value: unknown): number => {
  if (value === undefined) return 0;
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return utf8(value);
  if (typeof value === 'number' || typeof value === 'bigint') return Math.ceil(String(value).length / 2) + 2;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + 1 + itemBytes(element), 3);
  return Object.entries(value).reduce(
    (sum, [name, element]) => (element === undefined ? sum : sum + 1 + utf8(name) + itemBytes(element)),
    3,
  );
};

/** @throws TooLarge beyond DynamoDB's 400 KB; here, at write time, it can still be told to whoever asked for it. */
export const assertItemFits = (what: string, item: Item): void => {
  const bytes = itemBytes(item);
  if (bytes > MAX_ITEM_BYTES)
    throw new TooLarge(`The ${what} takes ${bytes} bytes; at most ${MAX_ITEM_BYTES} can be stored.`);
};
