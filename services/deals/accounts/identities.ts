import * as z from 'zod';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { AccountId, ContactId } from '../../../shared/ids/id.ts';
import type { Account } from '../domain/account.ts';
import {
  type Identity,
  IdentityKind,
  identitiesOf,
  identityOf,
  identityText,
} from '../domain/account-identity.ts';
import { accountEntity } from '../store/entities.ts';

export const ACCOUNT_IDENTITY = 'account-identity';

/** So many accounts of one identity are looked at: what everyone has identifies nobody. */
const MOST_HOLDERS = 50;
/** And so many identities of one account. */
const MOST_IDENTITIES = 200;
/** A merged account leads to its survivor, which may have been merged itself. */
const MOST_MERGES = 20;

/** Who has an identity: an account itself, or one of its contacts. */
export interface Holder {
  readonly accountId: AccountId;
  readonly contactId?: ContactId | undefined;
}

const HeldIdentity = z.object({ kind: IdentityKind, value: z.string(), contactId: ContactId.optional() });
/** An identity of an account; `contactId` where it is a contact's. */
export type HeldIdentity = Readonly<z.infer<typeof HeldIdentity>>;

const identitiesOfAccount = (accountId: AccountId): string => `identity#account#${accountId}`;

const keyOf = (identity: Identity, { accountId, contactId }: Holder): Key => ({
  pk: `identity#${identityText(identity)}`,
  sk: contactId === undefined ? accountId : `${accountId}#${contactId}`,
});

const itemOf = (identity: Identity, holder: Holder): Item => ({
  ...keyOf(identity, holder),
  gsi1pk: identitiesOfAccount(holder.accountId),
  gsi1sk: `${identityText(identity)}#${holder.contactId ?? ''}`,
  type: ACCOUNT_IDENTITY,
  ...identity,
  ...holder,
});

const writes = (
  holder: Holder,
  after: readonly Identity[],
  before: readonly Identity[],
): readonly TransactItem[] => {
  const [is, was] = [new Set(after.map(identityText)), new Set(before.map(identityText))];
  return [
    ...after.filter((each) => !was.has(identityText(each))).map((each) => ({ put: itemOf(each, holder) })),
    ...before.filter((each) => !is.has(identityText(each))).map((each) => ({ remove: keyOf(each, holder) })),
  ];
};

/** What keeps the identities of a changed account findable; to be written together with it. `before` is undefined for a new one. */
export const accountIdentityWrites = (
  account: Account,
  before: Account | undefined,
): readonly TransactItem[] =>
  writes({ accountId: account.id }, identitiesOf(account), before === undefined ? [] : identitiesOf(before));

interface ContactIdentity {
  readonly accountId?: AccountId | undefined;
  readonly email?: string | undefined;
}

/**
 * A contact's e-mail address identifies the account that the contact belongs to. Whoever writes a contact adds these writes
 * to the same transaction: `after` and `before` are the contact as it will be and as it was (undefined for a new one). One
 * that is deleted, erased, or belongs to no account any more has no `email` or no `accountId`. At most two writes; none where nothing changes.
 */
export const contactIdentityWrites = (
  contactId: ContactId,
  after: ContactIdentity,
  before: ContactIdentity = {},
): readonly TransactItem[] => {
  const identities = ({ email }: ContactIdentity) =>
    email === undefined
      ? []
      : [identityOf({ kind: 'email', value: email })].filter((each) => each !== undefined);
  const of = ({ accountId }: ContactIdentity): Holder | undefined => accountId && { accountId, contactId };
  const [is, was] = [of(after), of(before)];
  if (is !== undefined && is.accountId === was?.accountId)
    return writes(is, identities(after), identities(before));
  return [
    ...(was === undefined ? [] : writes(was, [], identities(before))),
    ...(is === undefined ? [] : writes(is, identities(after), [])),
  ];
};

/** Finds accounts by what identifies them. */
export class AccountIdentities {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * The accounts that have this identity, by themselves or by a contact: none, mostly one, or several that nobody has merged
   * yet (50 are looked at). Merged ones are answered as their survivor.
   */
  async find(identity: Identity): Promise<readonly AccountId[]> {
    const key = identityOf(identity);
    if (key === undefined) return [];
    const holders = await this.holders(key);
    const survivors = await Promise.all(
      [...new Set(holders.map(({ accountId }) => accountId))].map(async (id) => this.survivor(id)),
    );
    return [...new Set(survivors.flatMap((account) => account?.id ?? []))];
  }

  /** Who has this identity, in the form that `identityOf` gives, merged accounts as themselves. */
  async holders({ kind, value }: Identity): Promise<readonly Holder[]> {
    const { items } = await this.#table.query({
      pk: `identity#${identityText({ kind, value })}`,
      limit: MOST_HOLDERS,
    });
    return items.map(holderOf);
  }

  /** What identifies the account, by itself or by its contacts: 200 are looked at. By the index, and so a moment behind. */
  async ofAccount(accountId: AccountId): Promise<readonly HeldIdentity[]> {
    const { items } = await this.#table.query({
      index: 'gsi1',
      pk: identitiesOfAccount(accountId),
      limit: MOST_IDENTITIES,
    });
    return items.map((item) => ({ ...HeldIdentity.parse(item) }));
  }

  /** The account, or the one that it was merged into; undefined where there is none of this id. */
  async survivor(id: AccountId): Promise<Account | undefined> {
    let next = id;
    for (let hop = 0; hop <= MOST_MERGES; hop += 1) {
      const item = await this.#table.get(accountEntity.key(next));
      if (item === undefined) return undefined;
      const account = storedFrom<Account>(item);
      if (account.mergedInto === undefined) return account;
      next = account.mergedInto;
    }
    return undefined;
  }
}

const holderOf = ({ sk }: Item): Holder => {
  const [accountId, contactId] = String(sk).split('#');
  return {
    accountId: AccountId.parse(accountId),
    ...(contactId !== undefined && { contactId: ContactId.parse(contactId) }),
  };
};

/** Where the account lies whose identity this item is. */
export const accountOfIdentity = (item: Item): Key => accountEntity.key(holderOf(item).accountId);
