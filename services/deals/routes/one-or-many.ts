import * as z from 'zod';
import { Unprocessable, type InputError } from '../../../shared/errors/errors.ts';

/** So many at once: more than a year of days. */
export const MOST_AT_ONCE = 400;

/** One of them, or a list of at most 400. */
export const oneOrMany = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema, z.array(schema).min(1).max(MOST_AT_ONCE)]);

/** Where in the body the one at `index` stands. */
const placeOf = (body: unknown, index: number): string => (Array.isArray(body) ? `/${index}` : '');

/**
 * Those of the body, each without faults of its own, and no two of the same identity.
 * @throws Unprocessable naming everything that is wrong with any
 */
export const soundOnes = <T>(
  body: T | readonly T[],
  {
    faults,
    identity,
  }: { readonly faults: (one: T) => readonly InputError[]; readonly identity: (one: T) => string },
): readonly T[] => {
  const many: readonly T[] = Array.isArray(body) ? (body as readonly T[]) : [body as T];
  const first = new Map<string, number>();
  const errors = many.flatMap((one, index) => {
    const place = placeOf(body, index);
    const known = first.get(identity(one));
    first.set(identity(one), known ?? index);
    return [
      ...faults(one).map(({ path, ...rest }) => ({ ...rest, path: place + path })),
      ...(known === undefined ? [] : [{ path: place, message: `is about the same as /${known}` }]),
    ];
  });
  if (errors.length > 0) throw new Unprocessable('Nothing was recorded, for not all of it can be.', errors);
  return many;
};
