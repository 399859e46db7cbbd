import { expect, test } from 'vitest';
import { names } from '../../../shared/privacy/naming.ts';

test.each([
  ['in any case', 'owner: ROSA CONTI', ['Rosa Conti']],
  ['in a cell', 'x;rosa@example.com;y', ['rosa@example.com']],
  ['in JSON', '{"ownerId":"mem_1"}', ['mem_1']],
  ['with signs of a pattern', 'Rosa (Milano) [x]', ['Rosa (Milano) [x]']],
])('a person is found %s', (_, text, terms) => {
  expect(names(text, terms)).toBe(true);
});

test.each([
  ['part of a longer name', 'Rosanna Contini', ['Rosa', 'Conti']],
  ['part of a longer id', 'mem_12', ['mem_1']],
  ['an address whose dots are other signs', 'rosaXcom', ['rosa.com']],
  ['nobody', 'anything', ['', ' ']],
])('%s is not the person', (_, text, terms) => {
  expect(names(text, terms)).toBe(false);
});
