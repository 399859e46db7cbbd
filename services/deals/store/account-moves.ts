import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Page, Table } from '../../../shared/dynamodb/table.ts';
import type { AccountId, JobId } from '../../../shared/ids/id.ts';
import { AccountMove } from '../domain/account-move.ts';

export const ACCOUNT_MOVE = 'account-move';

const KEPT_SECONDS = 30 * 86_400;

const keyOf = (jobId: JobId, accountId: AccountId): Key => ({ pk: `job#${jobId}`, sk: `move#${accountId}` });

const moveOf = (item: Item): AccountMove => AccountMove.parse(item.data);

/** What the assignments of accounts move, beside their jobs. */
export class AccountMoves {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async put(jobId: JobId, move: AccountMove): Promise<void> {
    const expiresAt = Math.floor(Date.parse(this.#table.clock.now()) / 1000) + KEPT_SECONDS;
    await this.#table.put({ ...keyOf(jobId, move.accountId), type: ACCOUNT_MOVE, data: move, expiresAt });
  }

  /** Those that were written for these accounts, by account. */
  async ofAccounts(
    jobId: JobId,
    accountIds: readonly AccountId[],
  ): Promise<ReadonlyMap<AccountId, AccountMove>> {
    const items = await this.#table.batchGet(accountIds.map((id) => keyOf(jobId, id)));
    return new Map(items.map(moveOf).map((move) => [move.accountId, move]));
  }

  async page(
    jobId: JobId,
    { limit, after }: { readonly limit: number; readonly after: Item | undefined },
  ): Promise<Page<AccountMove>> {
    const { items, ...rest } = await this.#table.query({
      pk: `job#${jobId}`,
      skPrefix: 'move#',
      limit,
      after,
    });
    return { ...rest, items: items.map(moveOf) };
  }
}
