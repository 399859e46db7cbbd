import { describe, expect, test } from 'vitest';
import { compilePattern, InvalidPattern } from '../../../infra/local/event-pattern.ts';

const matches = (pattern: unknown, event: unknown) => compilePattern(pattern)(event);

describe('an event pattern', () => {
  test('needs every field to match, and any one value of each', () => {
    const pattern = { source: ['quotaline.deals'], 'detail-type': ['DealWon.v1', 'DealLost.v1'] };
    expect(matches(pattern, { source: 'quotaline.deals', 'detail-type': 'DealLost.v1' })).toBe(true);
    expect(matches(pattern, { source: 'quotaline.team', 'detail-type': 'DealLost.v1' })).toBe(false);
    expect(matches(pattern, { source: 'quotaline.deals' })).toBe(false);
  });

  test('tells stream records with an outbox from those without', () => {
    const pattern = { dynamodb: { NewImage: { outboxId: { S: [{ exists: true }] } } } };
    expect(matches(pattern, { dynamodb: { NewImage: { outboxId: { S: 'evt_1' } } } })).toBe(true);
    expect(matches(pattern, { dynamodb: { NewImage: { pk: { S: 'a' } } } })).toBe(false);
    expect(matches(pattern, { dynamodb: { OldImage: { outboxId: { S: 'evt_1' } } } })).toBe(false);
  });

  test('asks for absence in the whole event, not in one member of an array', () => {
    const pattern = { lines: { discount: [{ exists: false }] } };
    expect(matches(pattern, { lines: [{ sku: 'a' }, { sku: 'b' }] })).toBe(true);
    expect(matches(pattern, { lines: [{ sku: 'a' }, { sku: 'b', discount: 1 }] })).toBe(false);
  });

  test('takes characters that mean something in regular expressions literally', () => {
    expect(matches({ file: [{ wildcard: 'a.(b)*$' }] }, { file: 'a.(b)xyz$' })).toBe(true);
    expect(matches({ file: [{ wildcard: 'a.b' }] }, { file: 'axb' })).toBe(false);
    expect(matches({ file: [{ wildcard: 'a\\*\\\\' }] }, { file: 'a*\\' })).toBe(true);
  });

  test.each([
    ['text instead of an object', 'x'],
    ['no field at all', {}],
    ['a field without values', { a: [] }],
    ['a number to be a prefix', { a: [{ prefix: 1 }] }],
    ['an open numeric range', { a: [{ numeric: ['>'] }] }],
    ['an unknown comparison', { a: [{ numeric: ['~', 1] }] }],
    ['two operators in one matcher', { a: [{ prefix: 'x', suffix: 'y' }] }],
    ['an address that is none', { a: [{ cidr: 'here/8' }] }],
  ])('is refused with %s', (_, pattern) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPattern);
  });
});
