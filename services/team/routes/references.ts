import { Unprocessable, type InputError } from '../../../shared/errors/errors.ts';

/** A reference in a request's body. */
export interface Reference {
  /** JSON pointer of the field. */
  readonly path: string;
  /** What it names: `team`. */
  readonly what: string;
  readonly id: string | null | undefined;
  readonly find: (id: string) => Promise<unknown>;
}

/** Throws Unprocessable with every reference that leads nowhere. */
export const assertKnown = async (references: readonly Reference[]): Promise<void> => {
  const errors = await Promise.all(
    references.map(async ({ path, what, id, find }): Promise<InputError[]> => {
      if (id === null || id === undefined || (await find(id)) !== undefined) return [];
      return [{ path, message: `there is no ${what} ${id}` }];
    }),
  );
  if (errors.flat().length > 0)
    throw new Unprocessable('The request refers to something that does not exist.', errors.flat());
};
