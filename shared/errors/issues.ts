import type * as z from 'zod';
import type { InputError } from './errors.ts';

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'left out',
  date: 'a date',
};

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'a URL',
  uuid: 'a UUID',
  date: 'a day such as 2026-11-23',
  datetime: 'an RFC 3339 instant such as 2026-11-23T09:30:00Z',
};

const quoted = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(', ');

const bound = (
  issue: { origin: string; inclusive?: boolean | undefined },
  word: string,
  limit: number | bigint,
) => {
  const amount = String(limit);
  if (issue.origin === 'string') return `must have at ${word} ${amount} characters`;
  if (issue.origin === 'array' || issue.origin === 'set') return `must have at ${word} ${amount} items`;
  if (issue.inclusive === false) return `must be ${word === 'most' ? 'less' : 'more'} than ${amount}`;
  return `must be at ${word} ${amount}`;
};

/**
 * Says in plain words what would be right, for everything that a schema doesn't say by itself. To be given to zod's
 * `parse` as its error map.
 */
export const plainMessage = (issue: RawIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'too_small':
      if (issue.minimum === 1 && issue.origin !== 'number' && issue.origin !== 'int')
        return 'must not be empty';
      return bound(issue, 'least', issue.minimum);
    case 'too_big':
      return bound(issue, 'most', issue.maximum);
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? (issue.pattern === undefined ? issue.format : `text that matches ${issue.pattern}`)}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is required';
      return issue.values.length === 1
        ? `must be ${quoted(issue.values)}`
        : `must be one of ${quoted(issue.values)}`;
    case 'not_multiple_of':
      return `must be a multiple of ${String(issue.divisor)}`;
    case 'unrecognized_keys':
      return 'is not a known field';
    case 'invalid_union':
      return issue.input === undefined
        ? 'is required'
        : 'has none of the forms that it may have; see the documentation';
    case 'invalid_key':
      return 'has a name that is not allowed';
    default:
      return 'is not valid';
  }
};

/** A JSON pointer (RFC 6901); the empty one means the whole. */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const flatten = (issue: z.core.$ZodIssue, base: readonly PropertyKey[]): readonly InputError[] => {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pointer([...path, key]), message: issue.message }));
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestForm(issue.errors);
    if (nearest !== undefined) return nearest.flatMap((inner) => flatten(inner, path));
  }
  return [{ path: pointer(path), message: issue.message }];
};

/**
 * Of a union's forms, the one that the input was most likely meant to have: the one whose errors lie inside it rather
 * than in its very type. Undefined when none is nearer than the others.
 */
const nearestForm = (
  forms: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined => {
  const inside = forms.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'),
  );
  const [nearest, next] = inside.toSorted((a, b) => a.length - b.length);
  return nearest === undefined || next?.length === nearest.length ? undefined : nearest;
};

/** Zod's issues as the `errors` of a problem document. `part` says which part of the request they are about. */
export const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  part?: 'path' | 'query' | 'header',
): readonly InputError[] =>
  issues
    .flatMap((issue) => flatten(issue, []))
    .map((error) => (part === undefined ? error : { in: part, ...error }));
