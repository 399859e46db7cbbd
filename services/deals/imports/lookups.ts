import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { AccountId, ProductId } from '../../../shared/ids/id.ts';
import { type Account, accountIdOfExternal, accountIdOfName } from '../domain/account.ts';
import { type Product, productIdOf } from '../domain/product.ts';
import { accountsNamed, productsNamed } from '../store/entities.ts';
import { Lookup } from './lookup.ts';

/** Accounts by id, external id or name; one that was merged stands for its survivor. */
export const accountLookup = (repository: Repository<Account>): Lookup<Account> =>
  new Lookup({
    repository,
    idsOf: (text) => {
      const id = AccountId.safeParse(text);
      return id.success ? [id.data] : [accountIdOfExternal(text), accountIdOfName(text)];
    },
    named: accountsNamed,
    resolve: async (found) => survivorOf(repository, found),
  });

/** As often as accounts are merged one into another, at most: they are never merged in a circle. */
const MOST_MERGES = 20;

const survivorOf = async (
  repository: Repository<Account>,
  found: Stored<Account>,
): Promise<Stored<Account>> => {
  let account = found;
  for (let hop = 0; hop < MOST_MERGES && account.mergedInto !== undefined; hop += 1)
    account = await repository.get(account.mergedInto);
  return account;
};

/** Products by id, SKU or name. */
export const productLookup = (repository: Repository<Product>): Lookup<Product> =>
  new Lookup({
    repository,
    idsOf: (text) => {
      const id = ProductId.safeParse(text);
      return [id.success ? id.data : productIdOf(text)];
    },
    named: productsNamed,
  });
