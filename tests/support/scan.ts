import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../shared/dynamodb/item.ts';
import type { Dynoxide } from './dynoxide.ts';

/** Everything in a table: for a test to look at, never for the product. */
export const scanned = async ({ client }: Dynoxide, tableName: string): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
};
