import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { nameKey } from '../../../shared/directory/name-key.ts';
import type { ImportRun } from '../../../shared/imports/kind.ts';
import { storeEntity, type StoreRecord, STORES } from '../commerce/entities.ts';
import type { Referred } from './lookup.ts';

/** Finds stores by id or name: all there are, read once, for there are few. */
export const storeFinder = async (
  table: Table,
  { cause }: Pick<ImportRun, 'cause'>,
): Promise<(text: string) => Referred<StoreRecord>> => {
  const { items } = await new Repository<StoreRecord>(table, storeEntity, cause).queryIndex('gsi1', STORES);
  return (text) => {
    const found = items.filter(({ id, name }) => id === text || nameKey(name) === nameKey(text));
    const [first, ...others] = found;
    if (others.length > 0) return { several: found.length };
    return first && { found: first };
  };
};
