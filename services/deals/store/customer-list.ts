import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { AccountId, StoreId } from '../../../shared/ids/id.ts';
import {
  customersOfAccount,
  customersOfStore,
  customerSortKey,
  unmatchedCustomers,
} from '../commerce/customer-entities.ts';
import type { Customer } from '../domain/commerce/customer.ts';
import { mergedQuery } from './merged-query.ts';

export interface CustomerQuery {
  readonly storeIds: readonly StoreId[];
  readonly accountId?: AccountId | undefined;
  readonly unmatched?: boolean | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: string | undefined;
}

export interface CustomerPage {
  readonly items: readonly Stored<Customer>[];
  /** Sort key of the last customer, if there are more. */
  readonly after?: string;
}

const listOf = ({ accountId, unmatched, storeIds }: CustomerQuery) => {
  if (accountId !== undefined) return { index: 'gsi2', partitions: [customersOfAccount(accountId)] } as const;
  return unmatched === true
    ? ({ index: 'gsi2', partitions: storeIds.map(unmatchedCustomers) } as const)
    : ({ index: 'gsi1', partitions: storeIds.map(customersOfStore) } as const);
};

/** The customers as one list, those first who were heard of last. */
export const customerPage = async (table: Table, query: CustomerQuery): Promise<CustomerPage> => {
  const { limit, after, storeIds, accountId, unmatched } = query;
  const stores = new Set<string>(storeIds);
  const items: Stored<Customer>[] = [];
  const merged = mergedQuery({
    table,
    ...listOf(query),
    range: { from: '0', to: after ?? '\uffff' },
    descending: true,
    expected: limit,
  });
  for await (const item of merged) {
    const customer = storedFrom<Customer>(item);
    const key = customerSortKey(customer);
    const isWanted =
      stores.has(customer.storeId) &&
      (accountId === undefined || customer.accountId === accountId) &&
      (unmatched === undefined || (customer.accountId === undefined) === unmatched);
    if (key === after || !isWanted) continue;
    const last = items.at(-1);
    if (items.length === limit && last !== undefined) return { items, after: customerSortKey(last) };
    items.push(customer);
  }
  return { items };
};
