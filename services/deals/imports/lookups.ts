import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { AccountId, ProductId } from '../../../shared/ids/id.ts';
import { type Account, accountIdOfExternal, accountIdOfName } from '../domain/account.ts';
import { type Product, productIdOf } from '../domain/product.ts';
import { accountsNamed, productsNamed } from '../store/entities.ts';
import { Lookup } from './lookup.ts';

/** Accounts by id, external id or name. */
export const accountLookup = (repository: Repository<Account>): Lookup<Account> =>
  new Lookup({
    repository,
    idsOf: (text) => {
      const id = AccountId.safeParse(text);
      return id.success ? [id.data] : [accountIdOfExternal(text), accountIdOfName(text)];
    },
    named: accountsNamed,
  });

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
