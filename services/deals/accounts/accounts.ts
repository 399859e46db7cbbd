import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { Account } from '../domain/account.ts';
import { accountEntity } from '../store/entities.ts';
import { accountIdentityWrites } from './identities.ts';

type Events = OutboxEvent | readonly OutboxEvent[];

/** The one repository of accounts: what accounts are found by is written in the same transaction as the account. */
export class Accounts extends Repository<Account> {
  readonly #table: Table;

  constructor(table: Table, cause: Cause) {
    super(table, accountEntity, cause);
    this.#table = table;
  }

  override async create(
    account: Account,
    events: Events,
    options: { readonly requestHash?: string | undefined } = {},
  ): Promise<Stored<Account>> {
    const entries = accountIdentityWrites(account, undefined);
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
    return { ...account, version: 1 };
  }

  override async save(account: Stored<Account>, events: Events = []): Promise<Stored<Account>> {
    const { version } = account;
    const before = await this.get(account.id);
    if (before.version !== version) throw changedMeanwhile(account);
    const entries = accountIdentityWrites(account, before);
    if (entries.length === 0) return super.save(account, events);
    try {
      await this.#table.transact([this.writeFor(account, events), ...entries]);
    } catch (error) {
      if (error instanceof ConditionFailed) throw changedMeanwhile(account);
      throw error;
    }
    return { ...account, version: version + 1 };
  }

  /** A change of an account as `before`, for a transaction with others. */
  writesFor(account: Stored<Account>, before: Account, events: Events): readonly TransactItem[] {
    return [this.writeFor(account, events), ...accountIdentityWrites(account, before)];
  }
}

const changedMeanwhile = ({ id }: Account) =>
  new PreconditionFailed(`The account ${id} was changed by someone else meanwhile.`);
