import { BadRequest, PreconditionFailed } from '../errors/errors.ts';

/** RFC 9110, 8.8.3: an opaque tag in quotes, weak if W/ stands before it. */
const TAG = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/** Versions start at 1, so this one is never the present one. */
export const NO_VERSION = 0;

export const etagOf = (version: number): string => `"${String(version)}"`;

/**
 * The version that an `If-Match` header asks for; undefined without the header and for `*`, which any version satisfies.
 * A weak tag, or one that we never gave out, matches nothing (RFC 9110, 13.1.1): NO_VERSION. Throws BadRequest when
 * malformed.
 */
export const parseIfMatch = (header: string | undefined): number | undefined => {
  const text = header?.trim();
  if (text === undefined || text === '*') return undefined;
  const tag = TAG.exec(text);
  if (tag === null) {
    throw new BadRequest('The header If-Match is malformed.', [
      { in: 'header', path: '/If-Match', message: 'must be one entity tag in quotes, such as "3", or *' },
    ]);
  }
  const [, weak, opaque = ''] = tag;
  if (weak !== undefined || !/^[1-9]\d{0,14}$/.test(opaque)) return NO_VERSION;
  return Number(opaque);
};

/**
 * For a resource whose caller was let in: who may not see it must not learn its version. `what` is a kind and an id, as in
 * `goal goal_01J…`. Throws PreconditionFailed unless it is at the version that was asked for, if one was.
 */
export const assertVersion = (
  { version }: { readonly version: number },
  ifMatch: number | undefined,
  what: string,
): void => {
  if (ifMatch !== undefined && ifMatch !== version)
    throw new PreconditionFailed(`The ${what} is at version ${version}, not ${ifMatch}.`);
};

/** Whether a caller that sent this `If-None-Match` has this version already. Malformed headers match nothing. */
export const noneMatches = (header: string | undefined, version: number): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => TAG.exec(tag.trim())?.[2] === String(version)));
