import { fc, test } from '@fast-check/vitest';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect } from 'vitest';
import { assertItemFits, itemBytes, MAX_ITEM_BYTES } from '../../../shared/dynamodb/item.ts';
import { TooLarge } from '../../../shared/errors/errors.ts';

describe('the size of an item', () => {
  test('counts UTF-8 bytes of names and values', () => {
    expect(itemBytes({ pk: 'ab' }) - itemBytes({})).toBe(1 + 2 + 2);
    expect(itemBytes({ pk: 'üü' })).toBe(itemBytes({ pk: 'abcd' }));
  });

  test.prop([fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ noUnicodeString: false }))])(
    'never leaves out what is stored: it is at least the bytes of all names and strings',
    (item) => {
      const texts = (value: unknown): number =>
        typeof value === 'string'
          ? Buffer.byteLength(value)
          : value !== null && typeof value === 'object'
            ? Object.entries(value).reduce(
                (sum, [name, inner]) =>
                  sum + (Array.isArray(value) ? 0 : Buffer.byteLength(name)) + texts(inner),
                0,
              )
            : 0;
      expect(itemBytes(item)).toBeGreaterThanOrEqual(texts(item));
    },
  );

  test('is limited to 400 KB', () => {
    expect(() => assertItemFits('deal', { text: 'x'.repeat(MAX_ITEM_BYTES) })).toThrow(TooLarge);
    expect(() => assertItemFits('deal', { text: 'x'.repeat(MAX_ITEM_BYTES - 100) })).not.toThrow();
  });

  test('leaves out what the document client leaves out', () => {
    const options = { removeUndefinedValues: true };
    expect(marshall({ a: undefined }, options)).toEqual({});
    expect(itemBytes({ a: undefined })).toBe(itemBytes({}));
  });
});
