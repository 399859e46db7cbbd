import type { Item } from '../../../shared/dynamodb/item.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import { accountEntity, accountSortKey } from '../store/entities.ts';

export const ACCOUNT_PLACE = 'account-place';

export const accountsOfOwner = (ownerId: string): string => `account#owner#${ownerId}`;
export const accountsOfTerritory = (territoryId: string): string => `account#territory#${territoryId}`;

const keyOf = (id: AccountId) => ({ pk: accountEntity.key(id).pk, sk: 'place' });

/** An account under its owner and its territory, by name; the account's own index keys are by name alone. */
export const placeItem = (account: Account): Item | undefined => {
  const { id, ownerId, territoryId, mergedInto } = account;
  if (mergedInto !== undefined || (ownerId === undefined && territoryId === undefined)) return undefined;
  const sk = accountSortKey(account);
  return {
    ...keyOf(id),
    type: ACCOUNT_PLACE,
    accountId: id,
    ...(ownerId !== undefined && { gsi1pk: accountsOfOwner(ownerId), gsi1sk: sk }),
    ...(territoryId !== undefined && { gsi2pk: accountsOfTerritory(territoryId), gsi2sk: sk }),
  };
};

const placed = ({ name, ownerId, territoryId, mergedInto }: Account): string =>
  JSON.stringify([name, ownerId ?? null, territoryId ?? null, mergedInto ?? null]);

/** What keeps a changed account findable by owner and territory; `before` is undefined for a new one. */
export const placeWrites = (account: Account, before: Account | undefined): readonly TransactItem[] => {
  if (before !== undefined && placed(account) === placed(before)) return [];
  const item = placeItem(account);
  if (item !== undefined) return [{ put: item }];
  return before === undefined || placeItem(before) === undefined ? [] : [{ remove: keyOf(account.id) }];
};

/** Which account lies where this item says. */
export const accountOfPlace = ({ accountId }: Item): AccountId => AccountId.parse(accountId);
