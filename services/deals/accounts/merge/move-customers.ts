import { Repository } from '../../../../shared/dynamodb/repository.ts';
import { storedFrom } from '../../../../shared/dynamodb/entity.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import { AccountIdentities } from '../identities.ts';
import { customerEntity, customersOfAccount } from '../../commerce/customer-entities.ts';
import { Customers } from '../../commerce/customers.ts';
import type { Customer } from '../../domain/commerce/customer.ts';
import type { MoverKind } from './mover.ts';
import { transacted } from './transacted.ts';

const PAGE = 25;

/** Customers of stores, with when their account bought first. Orders to come go where they are. */
export const moveCustomers: MoverKind = {
  kind: 'customers',
  open: ({ table }, { cause }) => {
    const stored = new Repository(table, customerEntity, cause);
    const customers = new Customers({ table, cause, identities: new AccountIdentities(table) });
    return {
      list: async (accountId, after) => {
        const { items, lastKey } = await table.query({
          index: 'gsi2',
          pk: customersOfAccount(accountId),
          limit: PAGE,
          after,
        });
        return { ids: items.map((item) => storedFrom<Customer>(item).id), after: lastKey };
      },
      move: async (id, from, to) =>
        untilSaved(async () => {
          const customer = await stored.find(id);
          if (customer?.accountId === to) return 'there';
          if (customer?.accountId !== from) return 'elsewhere';
          const { version: _version, ...moved } = { ...customer, accountId: to };
          await transacted(table, await customers.accountWrites(customer, moved));
          return 'moved';
        }),
    };
  },
};
