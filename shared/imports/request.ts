import * as z from 'zod';
import { BadRequest } from '../errors/errors.ts';
import { Currency } from '../money/money.ts';
import type { ImportKind } from './kind.ts';

/** What `POST /v1/imports/<kind>` takes. */
export const requestBody = ({ fields, createMissing, currency }: ImportKind) => {
  const field = z.enum(Object.keys(fields));
  const described = Object.entries(fields)
    .map(
      ([name, { required, description }]) =>
        `${name}${required === true ? ' (required)' : ''}: ${description}`,
    )
    .join('; ');
  const amounts = Currency.describe('Of all amounts, which are in major units.');
  return z.strictObject({
    csv: z
      .string()
      .min(1, 'must not be empty')
      .optional()
      .describe('The file’s text, UTF-8, up to 3 MB, with a header. Larger ones are uploaded.'),
    upload: z
      .literal(true)
      .optional()
      .describe('Instead of csv: the answer has an uploadUrl for one PUT of the file, of up to 500 MB.'),
    dryRun: z
      .boolean()
      .default(false)
      .describe('Check, count and show a sample of what would be, but change nothing.'),
    ...(currency === 'none' ? {} : { currency: currency === 'required' ? amounts : amounts.optional() }),
    columns: z
      .partialRecord(field, z.string().min(1))
      .optional()
      .describe(`Our field → the file’s header. Fields: ${described}.`),
    values: z
      .partialRecord(field, z.record(z.string(), z.string()))
      .optional()
      .describe('Field → cell → its meaning.'),
    createMissing: z
      .array(z.enum(createMissing))
      .default([])
      .describe('What to make by name where it is missing.'),
  });
};

/** The text that came with the request; undefined where the file is to be uploaded. @throws BadRequest for both or neither */
export const textOf = ({
  csv,
  upload,
}: {
  readonly csv?: string | undefined;
  readonly upload?: true | undefined;
}): string | undefined => {
  if ((csv === undefined) === (upload === undefined))
    throw new BadRequest('The file comes either as csv or by upload.', [
      {
        path: '/csv',
        message: csv === undefined ? 'is required, or upload: true' : 'must be left out with upload',
      },
    ]);
  return csv;
};
