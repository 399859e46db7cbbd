import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { AccountId } from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import { identitiesOf, identityText } from '../domain/account-identity.ts';
import { accountEntity } from '../store/entities.ts';
import { accountPair, accountPairEntity } from './duplicates.ts';
import { AccountIdentities, accountIdentityWrites } from './identities.ts';
import { placeWrites } from './place.ts';

type Events = OutboxEvent | readonly OutboxEvent[];

/** Looked for at once. */
const CONCURRENCY = 4;

/** The one repository of accounts: what accounts are found by is written in the same transaction as the account. */
export class Accounts extends Repository<Account> {
  readonly #table: Table;
  readonly #identities: AccountIdentities;
  readonly #pairs: Repository<ReturnType<typeof accountPair>>;

  constructor(table: Table, cause: Cause) {
    super(table, accountEntity, cause);
    this.#table = table;
    this.#identities = new AccountIdentities(table);
    this.#pairs = new Repository(table, accountPairEntity, cause);
  }

  override async create(
    account: Account,
    events: Events,
    options: { readonly requestHash?: string | undefined } = {},
  ): Promise<Stored<Account>> {
    const entries = entryWrites(account, undefined);
    if (entries.length === 0) return super.create(account, events, options);
    try {
      await this.#table.transact([this.writeFor(account, events, options), ...entries]);
    } catch (error) {
      const existing = error instanceof ConditionFailed ? error.existing.get(0) : undefined;
      if (existing === undefined) throw error;
      const { requestHash } = existing;
      throw new AlreadyExists(
        `account ${account.id}`,
        storedFrom<Account>(existing),
        typeof requestHash === 'string' ? requestHash : undefined,
      );
    }
    await this.notePairs(account, undefined);
    return { ...account, version: 1 };
  }

  override async save(account: Stored<Account>, events: Events = []): Promise<Stored<Account>> {
    const { version } = account;
    const before = await this.get(account.id);
    if (before.version !== version) throw changedMeanwhile(account);
    const entries = entryWrites(account, before);
    if (entries.length === 0) return super.save(account, events);
    try {
      await this.#table.transact([this.writeFor(account, events), ...entries]);
    } catch (error) {
      if (error instanceof ConditionFailed) throw changedMeanwhile(account);
      throw error;
    }
    await this.notePairs(account, before);
    return { ...account, version: version + 1 };
  }

  /** The writes that make it, for a transaction with others: its own comes first. */
  writesToCreate(account: Account, events: Events): readonly TransactItem[] {
    return [this.writeFor(account, events), ...entryWrites(account, undefined)];
  }

  /** A change of an account as `before`, for a transaction with others. `notePairs` is to follow it. */
  writesFor(account: Stored<Account>, before: Account, events: Events): readonly TransactItem[] {
    return [this.writeFor(account, events), ...entryWrites(account, before)];
  }

  /**
   * Lists the account with those that have an identity that it did not have `before`. After the write, so that of two accounts
   * made at once the later one meets the other.
   */
  async notePairs(account: Account, before: Account | undefined): Promise<void> {
    const had = new Set(before === undefined ? [] : identitiesOf(before).map(identityText));
    const news = identitiesOf(account).filter((identity) => !had.has(identityText(identity)));
    const found = await mapConcurrently(news, CONCURRENCY, async (identity) =>
      this.#identities.holders(identity),
    );
    const others = new Set(found.flat().map(({ accountId }) => accountId));
    others.delete(account.id);
    await this.pair(account.id, [...others]);
  }

  /** Lists these as accounts that seem to be one company; twice is no more than once. */
  async pair(accountId: AccountId, others: readonly AccountId[]): Promise<void> {
    const foundAt = this.#table.clock.now();
    const pairs = others.map((other) => accountPair(accountId, other, foundAt));
    const known = await this.#pairs.getMany(pairs.map(({ id }) => id));
    for (const pair of pairs.filter(({ id }) => !known.has(id)))
      try {
        await this.#pairs.create(pair, []);
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error;
      }
  }
}

const entryWrites = (account: Account, before: Account | undefined): readonly TransactItem[] => [
  ...accountIdentityWrites(account, before),
  ...placeWrites(account, before),
];

const changedMeanwhile = ({ id }: Account) =>
  new PreconditionFailed(`The account ${id} was changed by someone else meanwhile.`);
