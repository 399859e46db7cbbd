import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { ImportRow, RowOutcome } from '../../../shared/imports/kind.ts';
import { refusal } from './row.ts';

const CONCURRENCY = 16;

/**
 * Takes in rows that are each written by a transaction of their own. Those with the same key come one after the other, in the
 * order of the file; others at the same time.
 */
export const rowByRow = async <Field extends string>(
  rows: readonly ImportRow<Field>[],
  keyOf: (row: ImportRow<Field>) => string,
  takeIn: (row: ImportRow<Field>) => Promise<RowOutcome<Field>>,
): Promise<readonly RowOutcome<Field>[]> => {
  const outcomes = new Map<ImportRow<Field>, RowOutcome<Field>>();
  const groups = [...Map.groupBy(rows, keyOf).values()];
  await mapConcurrently(groups, CONCURRENCY, async (group) => {
    for (const row of group) outcomes.set(row, await outcomeOf(row, takeIn));
  });
  return rows.flatMap((row) => outcomes.get(row) ?? []);
};

const outcomeOf = async <Field extends string>(
  row: ImportRow<Field>,
  takeIn: (row: ImportRow<Field>) => Promise<RowOutcome<Field>>,
): Promise<RowOutcome<Field>> => {
  try {
    return await takeIn(row);
  } catch (error) {
    if (error instanceof AlreadyExists || error instanceof PreconditionFailed)
      return {
        outcome: 'deferred',
        message: 'someone else changed it at the same time; import the row again',
      };
    return refusal<Field>(error);
  }
};
