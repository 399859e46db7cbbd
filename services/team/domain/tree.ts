import { Unprocessable } from '../../../shared/errors/errors.ts';

/**
 * Throws Unprocessable if `parent` is `id` itself or lies below it. `pathOf` answers a node with its ancestors.
 * `field` is the JSON pointer of what asks for the parent.
 */
export const assertNoCycle = <Id extends string>(
  id: Id,
  parent: Id | null | undefined,
  { pathOf, field }: { readonly pathOf: (id: Id) => readonly Id[]; readonly field: string },
): void => {
  if (parent === null || parent === undefined) return;
  const path = pathOf(parent);
  if (!path.includes(id)) return;
  throw new Unprocessable(`${parent} can’t be above ${id}: it would close a circle.`, [
    { path: field, message: `must not be ${id} or below it (${path.toReversed().join(' → ')})` },
  ]);
};
