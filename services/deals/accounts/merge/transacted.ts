import type { Table } from '../../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../../shared/dynamodb/write-errors.ts';
import { PreconditionFailed } from '../../../../shared/errors/errors.ts';

/** Writes all or nothing. @throws PreconditionFailed where another writer was faster, for `untilSaved` */
export const transacted = async (table: Table, items: readonly TransactItem[]): Promise<void> => {
  try {
    await table.transact(items);
  } catch (error) {
    if (error instanceof ConditionFailed) throw new PreconditionFailed(error.detail);
    throw error;
  }
};
