import * as z from 'zod';

/** What people write, up to a length: lines and tabs are theirs, other control characters are not. */
export const textOf = (maxCharacters: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(maxCharacters, `must have at most ${String(maxCharacters)} characters`)
    .refine(
      (text) => !/\p{Control}/u.test(text.replaceAll(/[\t\r\n]/g, '')),
      'must hold no control characters but tabs and line breaks',
    );

/** Notes, remarks, reasons. */
export const Text = textOf(10_000);
