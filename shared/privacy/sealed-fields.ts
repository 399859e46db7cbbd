import * as z from 'zod';
import { seal, unseal } from './sealing.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** How a sealed value stands in a state; null where there was no key to seal it with, because the person was erased. */
const SealedValue = z.strictObject({ sealed: z.string().nullable() });

/** What stands where a value was whose key is gone. */
export const ERASED = '(erased)';

const placeOf = (subject: string, field: string): string => `${subject} ${field}`;

/** The state with these fields sealed under the subject's key; without a key their values are dropped. */
export const withSealed = (
  state: Fields,
  { subject, fields, key }: { subject: string; fields: readonly string[]; key: Uint8Array | undefined },
): Fields => ({
  ...state,
  ...Object.fromEntries(
    fields
      .filter((field) => state[field] !== undefined)
      .map((field) => [
        field,
        { sealed: key === undefined ? null : seal(key, state[field], placeOf(subject, field)) },
      ]),
  ),
});

/** The state in clear; what can't be opened any more says so. */
export const withOpened = (
  state: Fields,
  { subject, key }: { subject: string; key: Uint8Array | undefined },
): Fields =>
  Object.fromEntries(
    Object.entries(state).map(([field, value]) => {
      const parsed = SealedValue.safeParse(value);
      if (!parsed.success) return [field, value];
      const { sealed } = parsed.data;
      const isLost = key === undefined || sealed === null;
      return [field, isLost ? ERASED : unseal(key, sealed, placeOf(subject, field))];
    }),
  );
