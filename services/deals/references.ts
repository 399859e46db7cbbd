import { setTimeout as pause } from 'node:timers/promises';
import type { Directory } from '../../shared/directory/directory.ts';
import type { Repository } from '../../shared/dynamodb/repository.ts';
import { type InputError, Unprocessable } from '../../shared/errors/errors.ts';
import type { AccountId, ContactId, MemberId, TerritoryId } from '../../shared/ids/id.ts';
import type { Account } from './domain/account.ts';
import type { Contact } from './domain/contact.ts';
import type { Split } from './domain/deal.ts';
import { type LineItem, type LineItemInput, lineItemsFrom } from './domain/line-items.ts';
import type { Product } from './domain/product.ts';

/** What a record may refer to; null and undefined refer to nothing. */
export interface Referring {
  readonly ownerId?: MemberId | null | undefined;
  readonly accountId?: AccountId | null | undefined;
  readonly territoryId?: TerritoryId | null | undefined;
  readonly splits?: readonly Split[] | undefined;
  readonly contactIds?: readonly ContactId[] | null | undefined;
}

/** Someone just added in the team service is known here a moment later: worth waiting for, rather than refusing. */
const ATTEMPTS = 12;
const BETWEEN_MILLISECONDS = 250;

/** Checks that what is referred to is there. */
export class References {
  readonly #directory: Directory;
  readonly #accounts: Repository<Account>;
  readonly #products: Repository<Product>;
  readonly #contacts: Repository<Contact>;
  readonly #wait: () => Promise<unknown>;

  constructor({
    directory,
    accounts,
    products,
    contacts,
    wait = async () => pause(BETWEEN_MILLISECONDS),
  }: {
    readonly directory: Directory;
    readonly accounts: Repository<Account>;
    readonly products: Repository<Product>;
    readonly contacts: Repository<Contact>;
    /** Between two looks for someone who may be on the way. */
    readonly wait?: () => Promise<unknown>;
  }) {
    this.#directory = directory;
    this.#accounts = accounts;
    this.#products = products;
    this.#contacts = contacts;
    this.#wait = wait;
  }

  /** @throws Unprocessable naming everything that there is not */
  async check({ ownerId, accountId, territoryId, splits = [], contactIds }: Referring): Promise<void> {
    const contacts = await this.#contacts.getMany(contactIds ?? []);
    const errors = await Promise.all([
      this.#unfitOwner(ownerId),
      this.#unfitAccount(accountId),
      this.#missing('/territoryId', 'territory', territoryId, (id) =>
        this.#awaited(async () => this.#directory.territory(id)),
      ),
      ...(contactIds ?? []).map(async (contactId, index) =>
        this.#missing(`/contactIds/${index}`, 'contact', contactId, async (id) =>
          Promise.resolve(contacts.get(id)?.deleted === false ? id : undefined),
        ),
      ),
      ...splits.map(async ({ memberId }, index) =>
        this.#missing(`/splits/${index}/memberId`, 'member', memberId, (id) =>
          this.#awaited(async () => this.#directory.member(id)),
        ),
      ),
    ]);
    const wrong = errors.filter((error) => error !== undefined);
    if (wrong.length > 0)
      throw new Unprocessable('The request refers to something that does not exist.', wrong);
  }

  /** Lines with what was left out filled in from their products. @throws Unprocessable for unknown products */
  async lineItems(inputs: readonly LineItemInput[]): Promise<LineItem[]> {
    if (inputs.length === 0) return [];
    const products = await this.#products.getMany(inputs.map(({ productId }) => productId));
    return lineItemsFrom(inputs, products);
  }

  /** Who has left takes on no more work: whoever leaves hands theirs over once. */
  async #unfitOwner(ownerId: MemberId | null | undefined): Promise<InputError | undefined> {
    const find = async (id: MemberId) => this.#awaited(async () => this.#directory.member(id));
    const missing = await this.#missing('/ownerId', 'member', ownerId, find);
    if (missing !== undefined || ownerId === undefined || ownerId === null) return missing;
    const owner = await this.#directory.member(ownerId);
    return owner?.status === 'departed'
      ? { path: '/ownerId', message: `must be an active member: ${ownerId} has left` }
      : undefined;
  }

  async #unfitAccount(accountId: AccountId | null | undefined): Promise<InputError | undefined> {
    if (accountId === undefined || accountId === null) return undefined;
    const account = await this.#accounts.find(accountId);
    if (account === undefined) return { path: '/accountId', message: `there is no account ${accountId}` };
    return account.mergedInto === undefined
      ? undefined
      : { path: '/accountId', message: `has been merged into ${account.mergedInto}; use that one` };
  }

  async #missing<Id extends string>(
    path: string,
    what: string,
    id: Id | null | undefined,
    find: (id: Id) => Promise<unknown>,
  ): Promise<InputError | undefined> {
    if (id === undefined || id === null || (await find(id)) !== undefined) return undefined;
    return { path, message: `there is no ${what} ${id}` };
  }

  async #awaited<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      const found = await find();
      if (found !== undefined) return found;
      await this.#wait();
    }
    return find();
  }
}
