import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { AccountId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { lastActivityOfAccount } from '../activities/latest.ts';
import { orderEntity } from '../commerce/entities.ts';
import { ordersOfAccount } from '../commerce/order-places.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import { type AccountHealth, accountHealth } from '../domain/account-health.ts';
import type { Account } from '../domain/account.ts';
import type { Deal } from '../domain/deal.ts';
import { accountEntity, accountSortKey, dealsOfAccount } from '../store/entities.ts';

export const ACCOUNT_HEALTH = 'account-health';

export const AT_RISK = 'account#at-risk';
export const REORDER_DUE = 'account#reorder-due';

/** The latest so many of each kind are looked at. */
const MOST_RECORDS = 2_000;

const keyOf = (id: AccountId) => ({ pk: accountEntity.key(id).pk, sk: 'health' });
const Noted = z.object({
  gsi1pk: z.string().optional(),
  gsi1sk: z.string().optional(),
  gsi2pk: z.string().optional(),
  gsi2sk: z.string().optional(),
});

/** Where an account stands in the lists by health; undefined where it stands in none. */
const healthItem = (account: Account, { atRisk, reorderDue }: AccountHealth): Item | undefined => {
  if (account.mergedInto !== undefined || (!atRisk && !reorderDue)) return undefined;
  const sk = accountSortKey(account);
  return {
    ...keyOf(account.id),
    type: ACCOUNT_HEALTH,
    accountId: account.id,
    ...(atRisk && { gsi1pk: AT_RISK, gsi1sk: sk }),
    ...(reorderDue && { gsi2pk: REORDER_DUE, gsi2sk: sk }),
  };
};

/** How accounts stand, worked out from their deals, orders and activities, and noted for the lists by health. */
export class Healths {
  readonly #table: Table;
  readonly #directory: Directory;
  readonly #clock: Clock;

  constructor({
    table,
    directory,
    clock,
  }: {
    readonly table: Table;
    readonly directory: Directory;
    readonly clock: Clock;
  }) {
    this.#table = table;
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Works it out, and brings the lists level. */
  async of(account: Account): Promise<AccountHealth> {
    const { id } = account;
    const [openDeals, wonDeals, lostDeals, orders, lastActivityAt, organization] = await Promise.all([
      this.#deals(id, 'open#'),
      this.#deals(id, 'won#'),
      this.#deals(id, 'lost#'),
      this.#orders(id),
      lastActivityOfAccount(this.#table, id),
      this.#directory.organization(),
    ]);
    const now = this.#clock.now();
    const health = accountHealth({
      openDeals,
      wonDeals,
      lostDeals,
      orders,
      lastActivityAt,
      organization,
      now,
    });
    await this.#note(account, health);
    return health;
  }

  async #note(account: Account, health: AccountHealth): Promise<void> {
    const before = await this.#table.get(keyOf(account.id));
    const after = healthItem(account, health);
    if (JSON.stringify(Noted.parse(before ?? {})) === JSON.stringify(Noted.parse(after ?? {}))) return;
    await this.#table.transact([after === undefined ? { remove: keyOf(account.id) } : { put: after }]);
  }

  async #deals(accountId: AccountId, skPrefix: string): Promise<readonly Deal[]> {
    const { items } = await this.#table.query({
      index: 'gsi2',
      pk: dealsOfAccount(accountId),
      skPrefix,
      descending: true,
      limit: MOST_RECORDS,
    });
    return items.map((item) => storedFrom<Deal>(item));
  }

  async #orders(accountId: AccountId): Promise<readonly OrderRecord[]> {
    const { items } = await this.#table.query({
      index: 'gsi2',
      pk: ordersOfAccount(accountId),
      descending: true,
      limit: MOST_RECORDS,
    });
    const found = await this.#table.batchGet(
      items.map(({ orderId }) => orderEntity.key(String(orderId))),
      { consistent: false },
    );
    return found.map((item) => storedFrom<OrderRecord>(item));
  }
}
