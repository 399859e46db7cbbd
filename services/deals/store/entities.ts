import { nameKey } from '../../../shared/directory/name-key.ts';
import { defineEntity, type IndexKeys } from '../../../shared/dynamodb/entity.ts';
import { Account } from '../domain/account.ts';
import { Deal } from '../domain/deal.ts';
import { FxRates } from '../domain/fx.ts';
import { Pipeline } from '../domain/pipeline.ts';
import { Product } from '../domain/product.ts';

export const dealsOfOwner = (ownerId: string): string => `deal#owner#${ownerId}`;
export const dealsOfAccount = (accountId: string): string => `deal#account#${accountId}`;

/** After every real day: open deals without an expected close come last. */
export const NO_DAY = '9999-12-31';

/**
 * `<status>#<day or instant>#<id>`: open deals by expected close, closed ones by close. The id makes it unique, so that a
 * cursor needs no more than this.
 */
export const dealSortKey = ({ status, expectedCloseOn, closedAt, id }: Deal): string =>
  `${status}#${(status === 'open' ? expectedCloseOn : closedAt) ?? NO_DAY}#${id}`;

/** Deleted deals that still count in locked periods: found by what restates all numbers, and in no list. */
export const DELETED_BUT_BOOKED = 'deals#deleted-but-booked';

const dealIndexes = (deal: Deal): IndexKeys => {
  if (deal.deleted) return deal.booked === undefined ? {} : { gsi1pk: DELETED_BUT_BOOKED, gsi1sk: deal.id };
  const sk = dealSortKey(deal);
  return {
    gsi1pk: dealsOfOwner(deal.ownerId),
    gsi1sk: sk,
    ...(deal.accountId && { gsi2pk: dealsOfAccount(deal.accountId), gsi2sk: sk }),
  };
};

export const dealEntity = defineEntity<Deal>({
  type: 'deal',
  schema: Deal,
  key: (id) => ({ pk: `deal#${id}`, sk: 'state' }),
  indexes: dealIndexes,
});

export const accountsNamed = (name: string): string => `account#name#${nameKey(name)}`;
export const ACCOUNTS = 'accounts';
/** Those that were merged into others: in no list, and still known by their names. */
export const MERGED_ACCOUNTS = 'accounts#merged';
export const accountSortKey = ({ id, name }: Pick<Account, 'id' | 'name'>): string =>
  `${nameKey(name)}#${id}`;

export const accountEntity = defineEntity<Account>({
  type: 'account',
  schema: Account,
  key: (id) => ({ pk: `account#${id}`, sk: 'state' }),
  indexes: (account) => ({
    gsi1pk: accountsNamed(account.name),
    gsi1sk: account.id,
    gsi2pk: account.mergedInto === undefined ? ACCOUNTS : MERGED_ACCOUNTS,
    gsi2sk: accountSortKey(account),
  }),
});

export const productsNamed = (name: string): string => `product#name#${nameKey(name)}`;
export const PRODUCTS = 'products';

export const productEntity = defineEntity<Product>({
  type: 'product',
  schema: Product,
  key: (id) => ({ pk: `product#${id}`, sk: 'state' }),
  indexes: ({ id, name }) => ({
    gsi1pk: productsNamed(name),
    gsi1sk: id,
    gsi2pk: PRODUCTS,
    gsi2sk: `${nameKey(name)}#${id}`,
  }),
});

/** All days in one partition: the latest up to a day is one query. */
export const FX_RATES = 'fx-rates';

export const fxRatesEntity = defineEntity<FxRates>({
  type: 'fx-rates',
  schema: FxRates,
  key: (day) => ({ pk: FX_RATES, sk: day }),
});

export const PIPELINES = 'pipelines';

export const pipelineEntity = defineEntity<Pipeline>({
  type: 'pipeline',
  schema: Pipeline,
  key: (id) => ({ pk: `pipeline#${id}`, sk: 'state' }),
  indexes: ({ id }) => ({ gsi1pk: PIPELINES, gsi1sk: id }),
});
