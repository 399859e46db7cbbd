import { AppError } from '../../../shared/errors/errors.ts';
import type { ImportRow } from '../../../shared/imports/kind.ts';
import { fromMajor } from '../../../shared/money/arithmetic.ts';
import type { Currency, Money } from '../../../shared/money/money.ts';
import { quoted, RowRefused } from './row.ts';

/** The cell's amount of major units, undefined where it is empty. @throws RowRefused for what is no amount, or negative */
export const amountCell = <Field extends string>(
  { cells }: ImportRow<Field>,
  field: Field,
  currency: Currency,
): Money | undefined => {
  const cell: string | undefined = cells[field];
  if (cell === undefined) return undefined;
  try {
    const money = fromMajor(cell, currency);
    if (money.amount >= 0) return money;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new RowRefused(field, error.detail);
  }
  throw new RowRefused(field, `${quoted(cell)} must not be negative`);
};
