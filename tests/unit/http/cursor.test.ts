import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { BadRequest } from '../../../shared/errors/errors.ts';
import { decodeCursor, encodeCursor } from '../../../shared/http/cursor.ts';

/** A table's key: the attributes of its own key, and of an index. */
const position = fc.dictionary(
  fc.constantFrom('pk', 'sk', 'gsi1pk', 'gsi1sk', 'at'),
  fc.oneof(fc.string(), fc.integer()),
  { noNullPrototype: true },
);
const binding = fc.oneof(
  fc.string(),
  fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { noNullPrototype: true }),
);

property.prop([position, binding])('a cursor gives back its position to its own list', (key, list) => {
  expect(decodeCursor(encodeCursor(key, list), list)).toEqual(key);
});

property.prop([position, binding, binding])('a cursor is good for no other list', (key, list, other) => {
  fc.pre(JSON.stringify(list) !== JSON.stringify(other) && typeof list === typeof other);
  fc.pre(
    typeof list === 'string' ||
      JSON.stringify(Object.entries(list).sort()) !== JSON.stringify(Object.entries(other).sort()),
  );
  expect(() => decodeCursor(encodeCursor(key, list), other)).toThrow(BadRequest);
});

property.prop([position, fc.nat(), fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_', '.', '%', 'é')])(
  'a cursor with any one character changed is refused',
  (key, at, character) => {
    const cursor = encodeCursor(key, 'deals');
    const i = at % cursor.length;
    fc.pre(cursor[i] !== character);
    expect(() => decodeCursor(cursor.slice(0, i) + character + cursor.slice(i + 1), 'deals')).toThrow(
      BadRequest,
    );
  },
);

property.prop([position, fc.nat()])('a cursor cut short is refused', (key, at) => {
  const cursor = encodeCursor(key, 'deals');
  expect(() => decodeCursor(cursor.slice(0, at % cursor.length), 'deals')).toThrow(BadRequest);
});

property.prop([fc.string()])('text that is no cursor is refused', (text) => {
  expect(() => decodeCursor(text, 'deals')).toThrow(BadRequest);
});

test('filters bind whatever their order', () => {
  const cursor = encodeCursor({ pk: 'x' }, { ownerId: 'a', stage: 'b' });
  expect(decodeCursor(cursor, { stage: 'b', ownerId: 'a' })).toEqual({ pk: 'x' });
});
