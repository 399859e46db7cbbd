import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import { nameKey } from '../../../shared/directory/name-key.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { IndexName, Page, Table } from '../../../shared/dynamodb/table.ts';
import type { MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import { accountEntity, ACCOUNTS, accountsNamed } from '../store/entities.ts';
import { AT_RISK, REORDER_DUE } from './health.ts';
import { accountOfPlace, accountsOfOwner, accountsOfTerritory } from './place.ts';

/** After so many that don't match, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;

export interface AccountFilter {
  /** The whole name, in any case. */
  readonly name?: string | undefined;
  readonly ownerId?: MemberId | undefined;
  readonly territoryId?: TerritoryId | undefined;
  /** Text within the name, in any case. */
  readonly q?: string | undefined;
  readonly health?: 'atRisk' | 'reorderDue' | undefined;
}

interface Partition {
  readonly index: IndexName;
  readonly pk: string;
  /** Whether it holds the accounts themselves, or items that lead to them. */
  readonly holds: 'accounts' | 'places';
}

/** The narrowest partition that has all that are wanted, in the order of their names. */
const partitionOf = ({ name, ownerId, territoryId, health }: AccountFilter): Partition => {
  // The lists by health hold nothing but their accounts, so nothing but these can tell.
  if (health === 'atRisk') return { index: 'gsi1', pk: AT_RISK, holds: 'places' };
  if (health === 'reorderDue') return { index: 'gsi2', pk: REORDER_DUE, holds: 'places' };
  if (name !== undefined) return { index: 'gsi1', pk: accountsNamed(name), holds: 'accounts' };
  if (ownerId !== undefined) return { index: 'gsi1', pk: accountsOfOwner(ownerId), holds: 'places' };
  if (territoryId !== undefined)
    return { index: 'gsi2', pk: accountsOfTerritory(territoryId), holds: 'places' };
  return { index: 'gsi2', pk: ACCOUNTS, holds: 'accounts' };
};

/** Whether an account is wanted; the index may be a moment behind, so what it was read by is asked as well. */
const matches = (account: Account, { name, ownerId, territoryId, q }: AccountFilter): boolean =>
  account.mergedInto === undefined &&
  (name === undefined || nameKey(account.name) === nameKey(name)) &&
  (ownerId === undefined || account.ownerId === ownerId) &&
  (territoryId === undefined || account.territoryId === territoryId) &&
  (q === undefined || nameKey(account.name).includes(nameKey(q)));

const accountsAt = async (
  table: Table,
  items: readonly Item[],
  holds: Partition['holds'],
): Promise<readonly (Stored<Account> | undefined)[]> => {
  if (holds === 'accounts') return items.map((item) => storedFrom<Account>(item));
  const ids = items.map(accountOfPlace);
  const found = await table.batchGet(ids.map((id) => accountEntity.key(id)));
  const accounts = found.map((item) => storedFrom<Account>(item));
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return ids.map((id) => byId.get(id));
};

/** A page of accounts by name. It may be short, and still have a next one. */
export const accountPage = async (
  table: Table,
  filter: AccountFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: Item | undefined },
): Promise<Page<Stored<Account>>> => {
  const { index, pk, holds } = partitionOf(filter);
  const items: Stored<Account>[] = [];
  let after = cursor;
  for (let examined = 0; examined < MAX_EXAMINED;) {
    const missing = limit - items.length;
    // Where few match, a chunk of what is missing alone would be one query after the other.
    const page = await table.query({ index, pk, after, limit: filter.q === undefined ? missing : 200 });
    const accounts = await accountsAt(table, page.items, holds);
    for (const [place, account] of accounts.entries()) {
      if (account === undefined || !matches(account, filter)) continue;
      items.push(account);
      const last = page.items[place];
      const isAll = place === page.items.length - 1 && page.lastKey === undefined;
      if (items.length === limit && last !== undefined)
        return isAll ? { items } : { items, lastKey: positionAt(last, index) };
    }
    examined += page.items.length;
    after = page.lastKey;
    if (after === undefined) return { items };
  }
  return after === undefined ? { items } : { items, lastKey: after };
};

/** Where the page after this item begins. */
const positionAt = (item: Item, index: IndexName): Item =>
  Object.fromEntries(['pk', 'sk', `${index}pk`, `${index}sk`].map((name) => [name, item[name]]));
