import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { DealUpdated } from '../../../shared/events/deals.ts';
import type { AccountId, DealId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Account } from '../domain/account.ts';
import { type AccountMove, movedDeal } from '../domain/account-move.ts';
import { dealChange } from '../domain/deal-change.ts';
import type { Deal } from '../domain/deal.ts';
import { settledWrite } from '../settlement.ts';
import { Books } from '../store/books.ts';
import { dealEntity, dealsOfAccount } from '../store/entities.ts';
import { FxRateStore, type RateQuestion } from '../store/fx-rate-store.ts';

const CONCURRENCY = 8;

/** The open deals of accounts that move. Closed ones keep what they closed with. */
export class AccountDeals {
  readonly #deals: Repository<Deal>;
  readonly #table: Table;
  readonly #rates: FxRateStore;
  readonly #directory: DirectorySnapshot;
  readonly #clock: Clock;

  constructor({
    table,
    cause,
    directory,
    clock,
  }: {
    readonly table: Table;
    readonly cause: Cause;
    readonly directory: DirectorySnapshot;
    readonly clock: Clock;
  }) {
    this.#deals = new Repository(table, dealEntity, cause);
    this.#table = table;
    this.#rates = new FxRateStore(table);
    this.#directory = directory;
    this.#clock = clock;
  }

  async open(accountId: AccountId): Promise<readonly Stored<Deal>[]> {
    const { items } = await this.#deals.queryIndex('gsi2', dealsOfAccount(accountId), { skPrefix: 'open#' });
    return items;
  }

  /**
   * Gives them to the account’s new owner, and attributes them to the territory of `account`, as it will be. Moved again,
   * they stay as they are.
   */
  async move(account: Account, move: AccountMove): Promise<void> {
    const deals = await this.open(account.id);
    await mapConcurrently(deals, CONCURRENCY, async ({ id }) =>
      untilSaved(async () => this.#moveOne(id, account, move)),
    );
  }

  async #moveOne(id: DealId, account: Account, move: AccountMove): Promise<void> {
    const deal = await this.#deals.get(id);
    if (deal.deleted || deal.status !== 'open' || deal.accountId !== account.id) return;
    const now = this.#clock.now();
    const directory = this.#directory;
    const sources = {
      organization: () => directory.organization,
      directory,
      account: () => account,
      rate: async (question: RateQuestion) => this.#rates.rate(question),
    };
    const books = new Books(this.#table);
    const { deal: settled, also } = await settledWrite(movedDeal(deal, move), {
      from: deal,
      sources,
      books,
      now,
    });
    const change = dealChange(deal, settled);
    if (change.fields.length === 0) return;
    await this.#deals.save(
      { ...settled, updatedAt: now, version: deal.version },
      { contract: DealUpdated, change: { change } },
      { also },
    );
  }
}
