import type { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { storeEntity, STORES } from '../commerce/entities.ts';
import { partitionsOf } from './counted-page.ts';

/** Index partitions of all deals and orders, as of now. */
export const allPartitions = async (table: Table, directory: Directory): Promise<string[]> => {
  const stores = new Repository(table, storeEntity, { correlationId: 'settings-change', actor: 'system' });
  const [snapshot, { items }] = await Promise.all([directory.snapshot(), stores.queryIndex('gsi1', STORES)]);
  return partitionsOf(snapshot, items);
};
