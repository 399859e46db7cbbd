import { expect, test } from 'vitest';
import { differences } from '../../../services/team/domain/differences.ts';

test('a changed amount is told where it stands, with what it was', () => {
  const before = { stage: 'negotiation', amount: { amount: 129_900, currency: 'EUR' } };
  const after = { ...before, amount: { amount: 140_000, currency: 'EUR' } };
  expect(differences(before, after)).toEqual([{ path: '/amount/amount', before: 129_900, after: 140_000 }]);
});

test('what is new has no before, and what is gone has no after', () => {
  expect(differences({ lostReason: 'price' }, { source: 'fair' })).toEqual([
    { path: '/lostReason', before: 'price' },
    { path: '/source', after: 'fair' },
  ]);
});

test('a longer list differs in its last places alone', () => {
  expect(differences({ days: ['a'] }, { days: ['a', 'b'] })).toEqual([{ path: '/days/1', after: 'b' }]);
});

test('slashes and tildes in a field’s name are escaped, as in a JSON pointer', () => {
  expect(differences({}, { 'a/b~c': 1 })).toEqual([{ path: '/a~1b~0c', after: 1 }]);
});

test('a list in the place of an object is another value', () => {
  expect(differences({ x: { 0: 'a' } }, { x: ['a'] })).toEqual([
    { path: '/x', before: { 0: 'a' }, after: ['a'] },
  ]);
});
