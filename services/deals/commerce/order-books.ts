import { Repository } from '../../../shared/dynamodb/repository.ts';
import { jobEntity } from '../../../shared/jobs/job.ts';
import { AccountIdentities } from '../accounts/identities.ts';
import { customerEntity } from './customer-entities.ts';
import { Customers } from './customers.ts';
import { Orders, type OrdersOptions } from './orders.ts';

/** What the routes of orders and customers write with, made for one request. */
export const orderBooks = ({ table, directory, cause }: OrdersOptions) => ({
  orderBook: new Orders({ table, directory, cause }),
  customers: new Repository(table, customerEntity, cause),
  customerBook: new Customers({ table, cause, identities: new AccountIdentities(table) }),
  jobItems: new Repository(table, jobEntity, cause),
});
