import * as z from 'zod';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { visiblePage } from '../../../shared/dynamodb/visible-page.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, MemberId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import {
  ACCOUNT_PAIRS,
  type AccountPair,
  accountPairEntity,
  type Duplicate,
  SharedIdentity,
  sharedOf,
} from '../accounts/duplicates.ts';
import type { SellingDeps } from '../selling-deps.ts';

/** An account that seems to be the same company. */
export const PossibleDuplicate = z
  .object({
    accountId: AccountId,
    name: z.string(),
    ownerId: MemberId.optional(),
    shares: z.array(SharedIdentity).describe('What both are known by.'),
  })
  .meta({ id: 'PossibleDuplicate' });

export const possibleDuplicates = (duplicates: readonly Duplicate[]): z.input<typeof PossibleDuplicate>[] =>
  duplicates.map(({ account: { id, name, ownerId }, shares }) => ({
    accountId: id,
    name,
    ownerId,
    shares: [...shares],
  }));

const listDuplicates = route({
  method: 'GET',
  path: '/v1/accounts/{id}/duplicates',
  via: '/v1/accounts/{id}/{view}',
  scope: 'sales/deals.read',
  summary: 'List the accounts that may be the same company as this one',
  description:
    'Those that share a domain, a tax id, an e-mail address, also one of a contact, or an id elsewhere; those that share most first. POST /v1/account-merges makes two of them one.',
  params: z.object({ id: AccountId }),
  response: z.object({ items: z.array(PossibleDuplicate) }).meta({ id: 'PossibleDuplicates' }),
  async handle({ params: { id } }, { accounts, duplicates }: SellingDeps) {
    const account = await accounts.get(id);
    const found = await duplicates.of(account);
    // Contacts are written without looking for others of the same address: whoever looks, finds them for the list, too.
    await accounts.pair(
      id,
      found.map(({ account: other }) => other.id),
    );
    return { items: possibleDuplicates(found) };
  },
});

const DuplicatePair = z
  .object({
    accounts: z.array(PossibleDuplicate.omit({ shares: true })).describe('Two.'),
    shares: z.array(SharedIdentity).describe('What both are known by.'),
    foundAt: Instant,
  })
  .meta({ id: 'DuplicatePair' });

const listPairs = route({
  method: 'GET',
  path: '/v1/account-duplicates',
  scope: 'sales/deals.read',
  summary: 'List all pairs of accounts that may be the same company, the latest found first',
  description: 'A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery,
  response: page(DuplicatePair),
  async handle({ query }, deps: SellingDeps) {
    const binding = { list: 'account-duplicates' };
    const known = new Map<string, z.input<typeof DuplicatePair>>();
    const { items, lastKey } = await visiblePage(
      new Repository(deps.table, accountPairEntity, { correlationId: 'read', actor: 'system' }),
      {
        index: 'gsi1',
        pk: ACCOUNT_PAIRS,
        limit: query.limit,
        cursor: positionOf(query, binding),
        isWanted: async (pair) => {
          const present = await presentPair(pair, deps);
          if (present !== undefined) known.set(pair.id, present);
          return present !== undefined;
        },
      },
    );
    return pageOf(
      items.flatMap(({ id }) => known.get(id) ?? []),
      lastKey,
      binding,
    );
  },
});

/** The pair as it is now; undefined where the two have nothing in common any more, or are one. */
const presentPair = async (
  { accountIds, foundAt }: AccountPair,
  { accounts, duplicates }: SellingDeps,
): Promise<z.input<typeof DuplicatePair> | undefined> => {
  const found = await accounts.getMany(accountIds);
  const [one, other] = accountIds.map((id) => found.get(id));
  if (one === undefined || other === undefined) return undefined;
  if (one.mergedInto !== undefined || other.mergedInto !== undefined) return undefined;
  const [its, others] = await mapConcurrently([one, other], 2, async (each) => duplicates.known(each));
  const shares = its && others ? sharedOf(its, others) : [];
  if (shares.length === 0) return undefined;
  return {
    accounts: [one, other].map(({ id, name, ownerId }) => ({ accountId: id, name, ownerId })),
    shares: [...shares],
    foundAt,
  };
};

export const accountDuplicateRoutes = [listDuplicates, listPairs] as const;
