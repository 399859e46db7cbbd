import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { AccountId } from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import { accountEntity } from '../store/entities.ts';

const reading: Cause = { correlationId: 'survivors', actor: 'system' };

/** Which account each of these is part of now; of those that were not merged there is no entry. */
export const survivorsOf = async (
  table: Table,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, AccountId>> => {
  const accounts = new Repository<Account>(table, accountEntity, reading);
  const next = new Map<AccountId, AccountId | undefined>();
  // A chain of merges goes round in no circle: each turn reads accounts that were not read before.
  for (let wanted = [...new Set(ids)]; wanted.length > 0;) {
    const found = await accounts.getMany(wanted);
    for (const id of wanted) next.set(id, found.get(id)?.mergedInto);
    wanted = [...new Set(next.values())].filter((id) => id !== undefined).filter((id) => !next.has(id));
  }
  const survivor = (id: AccountId): AccountId => {
    const into = next.get(id);
    return into === undefined ? id : survivor(into);
  };
  return new Map(ids.map((id) => [id, survivor(id)] as const).filter(([id, into]) => id !== into));
};
