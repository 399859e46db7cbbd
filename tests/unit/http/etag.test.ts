import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { BadRequest } from '../../../shared/errors/errors.ts';
import { etagOf, NO_VERSION, noneMatches, parseIfMatch } from '../../../shared/http/etag.ts';

property.prop([fc.integer({ min: 1, max: 1_000_000_000 })])(
  'the tag of a version asks for that version',
  (version) => {
    expect(parseIfMatch(etagOf(version))).toBe(version);
    expect(parseIfMatch(` ${etagOf(version)} `)).toBe(version);
    expect(parseIfMatch(`W/${etagOf(version)}`)).toBe(NO_VERSION);
    expect(noneMatches(`"x", W/${etagOf(version)}`, version)).toBe(true);
    expect(noneMatches(etagOf(version + 1), version)).toBe(false);
  },
);

property.prop([fc.string()])('any other text matches no version or is refused, and never breaks', (text) => {
  fc.pre(!['', '*'].includes(text.trim()) && !/^"[1-9]\d*"$/.test(text.trim()));
  try {
    expect(parseIfMatch(text)).toBe(NO_VERSION);
  } catch (error) {
    expect(error).toBeInstanceOf(BadRequest);
  }
  noneMatches(text, 1);
});

test('no header and * ask for no version in particular', () => {
  expect(parseIfMatch(undefined)).toBeUndefined();
  expect(parseIfMatch('*')).toBeUndefined();
  expect(noneMatches(undefined, 1)).toBe(false);
  expect(noneMatches('*', 1)).toBe(true);
});

test('an empty header is malformed', () => {
  expect(() => parseIfMatch('')).toThrow(BadRequest);
});
