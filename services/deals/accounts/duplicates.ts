import * as z from 'zod';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { defineEntity, type Stored } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { Account } from '../domain/account.ts';
import { identitiesOf, IdentityKind, identityText } from '../domain/account-identity.ts';
import type { AccountIdentities, HeldIdentity } from './identities.ts';

const CONCURRENCY = 16;

/** An identity that two accounts share. */
export const SharedIdentity = z.object({
  kind: IdentityKind,
  value: z.string().optional().describe('Left out where only a contact has it.'),
});
type SharedIdentity = z.infer<typeof SharedIdentity>;

/** Two accounts that seem to be one company, under both ids in their order. */
export const AccountPair = z.object({
  id: z.string(),
  accountIds: z.tuple([AccountId, AccountId]),
  foundAt: Instant,
});
export type AccountPair = z.infer<typeof AccountPair>;

export const ACCOUNT_PAIRS = 'account-pairs';

export const accountPairEntity = defineEntity<AccountPair>({
  type: 'account-pair',
  schema: AccountPair,
  key: (id) => ({ pk: `account-pair#${id}`, sk: 'state' }),
  indexes: ({ id, foundAt }) => ({ gsi1pk: ACCOUNT_PAIRS, gsi1sk: `${foundAt}#${id}` }),
});

export const accountPair = (one: AccountId, other: AccountId, foundAt: Instant): AccountPair => {
  const [a, b] = one < other ? [one, other] : [other, one];
  return { id: `${a}-${b}`, accountIds: [a, b], foundAt };
};

export interface Duplicate {
  readonly account: Stored<Account>;
  readonly shares: readonly SharedIdentity[];
}

/** By the text of an identity, whether the account itself has it, and not only a contact. */
type Known = ReadonlyMap<string, HeldIdentity>;

/** Finds accounts that share an identity. */
export class Duplicates {
  readonly #accounts: Pick<Repository<Account>, 'getMany'>;
  readonly #identities: AccountIdentities;

  constructor(accounts: Pick<Repository<Account>, 'getMany'>, identities: AccountIdentities) {
    this.#accounts = accounts;
    this.#identities = identities;
  }

  /** The other accounts that share an identity with this one, those that share most first. None of a merged one. */
  async of(account: Account): Promise<readonly Duplicate[]> {
    if (account.mergedInto !== undefined) return [];
    const known = await this.known(account);
    const found = await mapConcurrently([...known.values()], CONCURRENCY, async (identity) => {
      const holders = await this.#identities.holders(identity);
      const ids = [...new Set(holders.map(({ accountId }) => accountId))];
      const survivors = await Promise.all(ids.map(async (id) => this.#identities.survivor(id)));
      return survivors
        .flatMap((survivor) => survivor?.id ?? [])
        .filter((id) => id !== account.id)
        .map((id) => ({ id, shared: shown(identity) }));
    });
    const shares = Map.groupBy(found.flat(), ({ id }) => id);
    const accounts = await this.#accounts.getMany([...shares.keys()]);
    return [...accounts.values()]
      .map((each) => ({
        account: each,
        shares: eachOnce(shares.get(each.id)?.map(({ shared }) => shared) ?? []),
      }))
      .toSorted((a, b) => b.shares.length - a.shares.length || (a.account.id < b.account.id ? -1 : 1));
  }

  /** What identifies the account: itself, its contacts, and all that were merged into it. */
  async known(account: Account): Promise<Known> {
    const family = [account, ...(await this.#mergedInto(account))];
    const held = await mapConcurrently(family, CONCURRENCY, async ({ id }) => this.#identities.ofAccount(id));
    const known = new Map<string, HeldIdentity>();
    // What the accounts themselves have goes first, for a contact may have it as well; and the index is a moment behind.
    for (const identity of [
      ...family.flatMap((each): readonly HeldIdentity[] => identitiesOf(each)),
      ...held.flat(),
    ]) {
      const text = identityText(identity);
      if (!known.has(text)) known.set(text, identity);
    }
    return known;
  }

  async #mergedInto({ mergedFrom = [] }: Account): Promise<readonly Account[]> {
    if (mergedFrom.length === 0) return [];
    const merged = await this.#accounts.getMany(mergedFrom.map(({ accountId }) => accountId));
    const further = await Promise.all([...merged.values()].map(async (each) => this.#mergedInto(each)));
    return [...merged.values(), ...further.flat()];
  }
}

/** What two accounts have in common. */
export const sharedOf = (one: Known, other: Known): readonly SharedIdentity[] =>
  [...one].flatMap(([text, identity]) => {
    const its = other.get(text);
    return its === undefined ? [] : [shown(its.contactId === undefined ? its : identity)];
  });

/** Who may see an account need not see its contacts. */
const shown = ({ kind, value, contactId }: HeldIdentity): SharedIdentity =>
  contactId === undefined ? { kind, value } : { kind };

const eachOnce = (shares: readonly SharedIdentity[]): readonly SharedIdentity[] => [
  ...new Map(shares.map((share) => [JSON.stringify(share), share])).values(),
];
