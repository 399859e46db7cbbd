import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { StoreId } from '../../../shared/ids/id.ts';
import { storeEntity, STORES } from '../commerce/entities.ts';

/** Of all stores: there are few. */
export const storeIds = async (table: Table, cause: Cause): Promise<readonly StoreId[]> => {
  const { items } = await new Repository(table, storeEntity, cause).queryIndex('gsi1', STORES);
  return items.map(({ id }) => id);
};
