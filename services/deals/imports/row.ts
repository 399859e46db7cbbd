import type * as z from 'zod';
import { AppError } from '../../../shared/errors/errors.ts';
import type { ImportRow, RowOutcome } from '../../../shared/imports/kind.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';

/** Why a row is not taken in; thrown before anything of it is done. */
export class RowRefused<Field extends string = string> extends Error {
  readonly field: Field;
  /** It may be taken in later, once what it refers to has come. */
  readonly isDeferred: boolean;

  constructor(field: Field, message: string, { isDeferred = false }: { readonly isDeferred?: boolean } = {}) {
    super(message);
    this.field = field;
    this.isDeferred = isDeferred;
  }
}

const SHOWN = 60;
export const quoted = (cell: string): string => `“${cell.slice(0, SHOWN)}${cell.length > SHOWN ? '…' : ''}”`;

/** The cell's value, undefined where it is empty. @throws RowRefused with what is wrong with it */
export const optionalCell = <Field extends string, Schema extends z.ZodType>(
  { cells }: ImportRow<Field>,
  field: Field,
  schema: Schema,
): z.output<Schema> | undefined => {
  const cell: string | undefined = cells[field];
  if (cell === undefined) return undefined;
  const parsed = schema.safeParse(cell);
  if (parsed.success) return parsed.data;
  throw new RowRefused(field, `${quoted(cell)} ${parsed.error.issues.map(saidOf).join('; ')}`);
};

/** Of one of a few values, which those are. */
const saidOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_value' ? `must be one of ${issue.values.join(', ')}` : issue.message;

/** The cell's value. @throws RowRefused where it is empty or wrong */
export const requiredCell = <Field extends string, Schema extends z.ZodType>(
  row: ImportRow<Field>,
  field: Field,
  schema: Schema,
): z.output<Schema> => {
  const value = optionalCell(row, field, schema);
  if (value === undefined) throw new RowRefused(field, 'is empty');
  return value;
};

/**
 * What the error says of its row; `fieldOf` names the cell for a path that a rule complains of. Faults of ours are
 * thrown on.
 */
export const refusal = <Field extends string>(
  error: unknown,
  fieldOf: Readonly<Record<string, Field>> = {},
): RowOutcome<Field> => {
  if (error instanceof RowRefused) {
    const outcome = error.isDeferred ? 'deferred' : 'rejected';
    return { outcome, field: error.field as Field, message: error.message };
  }
  if (!(error instanceof AppError)) throw error;
  const [first] = error.errors ?? [];
  const field = first && fieldOf[first.path];
  const message = first === undefined ? error.detail : `${error.detail} ${first.path} ${first.message}`;
  return { outcome: 'rejected', ...(field && { field }), message };
};

/**
 * The instant that the cell names: an instant as exports have it, or a day, which is its first instant. Undefined where it
 * is empty. @throws RowRefused
 */
export const momentCell = <Field extends string>(
  row: ImportRow<Field>,
  field: Field,
  startOf: (day: Day) => Instant,
): Instant | undefined => {
  const cell: string | undefined = row.cells[field];
  const instant = Instant.safeParse(cell);
  if (instant.success) return instant.data;
  const day = optionalCell(row, field, Day);
  return day && startOf(day);
};

/** The currency of the row's amounts: its own, else the import's. @throws RowRefused */
export const currencyCell = <Field extends string, Default extends Currency | undefined>(
  row: ImportRow<Field | 'currency'>,
  currency: Default,
): Currency | Default => optionalCell(row, 'currency', Currency) ?? currency;
