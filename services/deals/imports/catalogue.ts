import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Identified } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { AlreadyExists } from '../../../shared/errors/errors.ts';
import { AccountChanged, ProductChanged } from '../../../shared/events/deals.ts';
import { AccountId, ProductId } from '../../../shared/ids/id.ts';
import type { ImportRun } from '../../../shared/imports/kind.ts';
import { Accounts } from '../accounts/accounts.ts';
import { type Account, accountIdOfName, AccountName } from '../domain/account.ts';
import { type Product, productIdOf, ProductName } from '../domain/product.ts';
import { type AssignmentRules, placedByRules } from '../domain/account-assignment.ts';
import { productEntity } from '../store/entities.ts';
import type { Lookup, Referred } from './lookup.ts';
import { accountLookup, productLookup } from './lookups.ts';
import type { DealRow } from './told-deal.ts';

const CONCURRENCY = 16;

/** The accounts and products that rows of deals refer to, made by name where that was asked for. */
export class Catalogue {
  readonly #run: ImportRun;
  readonly #accountStore: Repository<Account>;
  readonly #productStore: Repository<Product>;
  readonly #accounts: Lookup<Account>;
  readonly #products: Lookup<Product>;
  readonly #accountsById = new Map<AccountId, Account>();

  constructor(table: Table, run: ImportRun) {
    this.#run = run;
    this.#accountStore = new Accounts(table, run.cause);
    this.#productStore = new Repository(table, productEntity, run.cause);
    this.#accounts = accountLookup(this.#accountStore);
    this.#products = productLookup(this.#productStore);
  }

  /** Accounts that are made belong to whom the rules say. */
  async load(rows: readonly DealRow[], rules: AssignmentRules): Promise<void> {
    const accounts = textsOf(rows, 'account');
    const products = textsOf(rows, 'product');
    await Promise.all([this.#accounts.load(accounts), this.#products.load(products)]);
    const { createMissing } = this.#run;
    if (createMissing.has('accounts'))
      await this.#makeMissing(this.#accounts, this.#accountStore, accounts, AccountChanged, (text) =>
        this.#newAccount(text, rules),
      );
    if (createMissing.has('products'))
      await this.#makeMissing(this.#products, this.#productStore, products, ProductChanged, (text) =>
        this.#newProduct(text),
      );
    for (const text of accounts) {
      const referred = this.#accounts.get(text);
      if (referred !== undefined && 'found' in referred)
        this.#accountsById.set(referred.found.id, referred.found);
    }
  }

  referred({ cells }: DealRow): { readonly account: Referred<Account>; readonly product: Referred<Product> } {
    return {
      account: cells.account === undefined ? undefined : this.#accounts.get(cells.account),
      product: cells.product === undefined ? undefined : this.#products.get(cells.product),
    };
  }

  /** One that a row referred to, or that a deal had before. */
  async account(id: AccountId): Promise<Account | undefined> {
    const known = this.#accountsById.get(id) ?? (await this.#accountStore.find(id));
    if (known !== undefined) this.#accountsById.set(id, known);
    return known;
  }

  async #makeMissing<T extends Identified>(
    lookup: Lookup<T>,
    repository: Repository<T>,
    texts: readonly string[],
    event: OutboxEvent,
    make: (text: string) => T | undefined,
  ): Promise<void> {
    const missing = texts.filter((text) => lookup.get(text) === undefined);
    // Two spellings of a name are one entity.
    const made = new Map(missing.flatMap((text) => make(text) ?? []).map((entity) => [entity.id, entity]));
    if (!this.#run.dryRun)
      await mapConcurrently([...made.values()], CONCURRENCY, async (entity) =>
        createUnlessThere(repository, entity, event),
      );
    for (const text of missing) {
      const entity = made.get(make(text)?.id ?? '');
      if (entity !== undefined) lookup.set(text, entity);
    }
  }

  /** None for a text that is an id: nothing can be made of that. */
  #newAccount(text: string, rules: AssignmentRules): Account | undefined {
    const name = AccountName.safeParse(text);
    if (!name.success || AccountId.safeParse(text).success) return undefined;
    const now = this.#run.clock.now();
    const id = accountIdOfName(text);
    const fresh = { id, name: name.data, externalIds: [], createdAt: now, updatedAt: now };
    return placedByRules(fresh, rules);
  }

  #newProduct(text: string): Product | undefined {
    const name = ProductName.max(100).safeParse(text);
    if (!name.success || ProductId.safeParse(text).success) return undefined;
    const now = this.#run.clock.now();
    return { id: productIdOf(text), sku: name.data, name: name.data, createdAt: now, updatedAt: now };
  }
}

const textsOf = (rows: readonly DealRow[], field: 'account' | 'product'): string[] => [
  ...new Set(rows.flatMap(({ cells }) => cells[field] ?? [])),
];

/** Someone may have made it this moment: then it is there, which is all that was wanted. */
const createUnlessThere = async <T extends Identified>(
  repository: Repository<T>,
  entity: T,
  event: OutboxEvent,
): Promise<void> => {
  try {
    await repository.create(entity, event);
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
  }
};
