import * as z from 'zod';

/** A name of a person, team or territory: one line of text, without control characters. */
export const Name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  .refine((text) => !/\p{Control}/u.test(text), 'must hold no control characters');

/** A name from a file, where a cell may run over several lines. */
export const NameCell = z
  .string()
  .transform((text) => text.replaceAll(/\s+/g, ' '))
  .pipe(Name);

export const Email = z
  .string()
  .trim()
  .max(254, 'must have at most 254 characters')
  .pipe(z.email('must be an e-mail address such as rosa@example.com'));
