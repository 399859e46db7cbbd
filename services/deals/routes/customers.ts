import * as z from 'zod';
import { assertVisible, maySee, type Ownership } from '../../../shared/auth/visibility.ts';
import { filterAsync } from '../../../shared/concurrency/filter-async.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { page, pageOf, pageQuery, positionOf, queryBoolean } from '../../../shared/http/page.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import { AccountId, CustomerId, StoreId } from '../../../shared/ids/id.ts';
import type { jobEntity } from '../../../shared/jobs/job.ts';
import { customerOrdersJob } from '../commerce/customer-orders.ts';
import type { Customers } from '../commerce/customers.ts';
import { type StoreRecord, STORES } from '../commerce/entities.ts';
import { Customer, erased } from '../domain/commerce/customer.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { customerPage } from '../store/customer-list.ts';

export interface CustomerDeps extends SellingDeps {
  readonly stores: Repository<StoreRecord>;
  readonly customers: Repository<Customer>;
  readonly customerBook: Customers;
  readonly jobItems: Repository<z.output<typeof jobEntity.schema>>;
}

const CustomerResource = Customer.omit({ toldAt: true })
  .extend({ version: z.int() })
  .meta({ id: 'Customer' });
const params = z.object({ id: CustomerId });

/** A customer is whose account they belong to, and else whose store they bought in. */
const ownershipOf = async (
  { accountId, storeId }: Customer,
  { identities, stores, visibility }: CustomerDeps,
): Promise<Ownership> => {
  const account = accountId === undefined ? undefined : await identities.survivor(accountId);
  const ownerId = account?.ownerId ?? (await stores.find(storeId))?.ownerId;
  return { ownerId, teamId: ownerId && (await visibility.teamOf(ownerId)) };
};

/** @throws NotFound for one that there is not, or that the caller may not see */
const getVisible = async (id: CustomerId, deps: CustomerDeps): Promise<Stored<Customer>> => {
  const customer = await deps.customers.get(id);
  assertVisible(await deps.visibility.viewer(), await ownershipOf(customer, deps), `customer ${id}`);
  return customer;
};

/** Saves the customer with what follows for first purchases, and starts what follows for the orders. */
const saved = async (
  before: Stored<Customer>,
  after: Customer,
  { table, customers, customerBook, jobItems, clock }: CustomerDeps,
): Promise<Stored<Customer>> => {
  const version = before.version + 1;
  try {
    await table.transact([
      ...(await customerBook.accountWrites(before, after)),
      jobItems.writeFor(customerOrdersJob(after.id, version, clock), DealsJobAdvanced),
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new PreconditionFailed(`The customer ${after.id} was changed by someone else meanwhile.`);
  }
  return customers.get(after.id);
};

const listCustomers = route({
  method: 'GET',
  path: '/v1/customers',
  scope: 'sales/deals.read',
  summary: 'List the customers of the stores, the latest first',
  description:
    'Those the caller may see: of accounts and stores of their own, or of their teams. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    storeId: StoreId.optional(),
    accountId: AccountId.optional().describe('Those who belong to the account.'),
    unmatched: queryBoolean.optional().describe('`true`: those whom no account is known for.'),
  }),
  response: page(CustomerResource),
  async handle({ query }, deps: CustomerDeps) {
    const { limit, cursor: _cursor, ...filter } = query;
    const { storeId, accountId, unmatched } = filter;
    const binding = { list: 'customers', ...filter };
    const viewer = await deps.visibility.viewer();
    const storeIds =
      storeId === undefined
        ? (await deps.stores.queryIndex('gsi1', STORES)).items.map(({ id }) => id)
        : [storeId];
    const after = positionOf(query, binding)?.after;
    const found = await customerPage(deps.table, {
      storeIds,
      accountId,
      unmatched,
      limit,
      after: after === undefined ? undefined : String(after),
    });
    const seen = await filterAsync(found.items, async (customer) =>
      maySee(viewer, await ownershipOf(customer, deps)),
    );
    return pageOf(seen, found.after === undefined ? undefined : { after: found.after }, binding);
  },
});

const getCustomer = route({
  method: 'GET',
  path: '/v1/customers/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a customer of a store',
  params,
  response: CustomerResource,
  handle: async ({ params: { id } }, deps: CustomerDeps) => getVisible(id, deps),
});

const changeCustomer = route({
  method: 'PATCH',
  path: '/v1/customers/{id}',
  scope: 'sales/deals.write',
  summary: 'Say which account a customer belongs to',
  description:
    'By hand, which no later order changes; null says that there is none. Their orders follow: they are listed with the account, and may be the sale of its deals. Whom paid orders count for is frozen. Who may change the account may do this.',
  params,
  body: z.strictObject({ accountId: AccountId.nullable() }),
  example: { accountId: null },
  response: CustomerResource,
  async handle({ params: { id }, body, ifMatch }, deps: CustomerDeps) {
    const { accounts, references, visibility } = deps;
    const customer = await getVisible(id, deps);
    const present = customer.accountId === undefined ? undefined : await accounts.find(customer.accountId);
    if (present !== undefined) await visibility.assertMayChangeAccount(present);
    await references.check(body);
    const next = body.accountId === null ? undefined : await deps.identities.survivor(body.accountId);
    if (next !== undefined) await visibility.assertMayChangeAccount(next);
    assertVersion(customer, ifMatch, `customer ${id}`);
    const { accountId, version: _version, ...rest } = customer;
    if (accountId === next?.id && customer.matchedBy === 'hand') return customer;
    const after: Customer = { ...rest, matchedBy: 'hand', ...(next !== undefined && { accountId: next.id }) };
    return saved(customer, after, deps);
  },
});

const eraseCustomer = route({
  method: 'DELETE',
  path: '/v1/customers/{id}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Erase who a customer is',
  description:
    'Empties name and e-mail address, here and in the customer’s orders, and takes them in no more. The orders, and what they count, stay. Raw deliveries go after 30 days.',
  status: 204,
  params,
  response: NoContent,
  async handle({ params: { id }, ifMatch }, deps: CustomerDeps) {
    const customer = await deps.customers.get(id);
    assertVersion(customer, ifMatch, `customer ${id}`);
    const { version: _version, ...before } = customer;
    await saved(customer, erased(before, deps.clock.now()), deps);
  },
});

export const customerRoutes = [listCustomers, getCustomer, changeCustomer, eraseCustomer] as const;
