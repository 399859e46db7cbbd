import * as z from 'zod';
import { AccountChanged } from '../../../shared/events/deals.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId } from '../../../shared/ids/id.ts';
import { assignmentRulesOf } from '../assignment-rules.ts';
import {
  Account,
  AccountDetails,
  AccountDomains,
  accountIdOfExternal,
  AccountName,
  ExternalIds,
} from '../domain/account.ts';
import { type AssignmentRules, decided, deciderOf } from '../domain/account-assignment.ts';
import { patched } from '../domain/patch.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { createAs } from '../store/create-as.ts';
import { ACCOUNTS, accountsNamed } from '../store/entities.ts';

const AccountResource = Account.extend({ version: z.int() }).meta({ id: 'Account' });
const params = z.object({ id: AccountId });

const presentRules = async ({ directory, clock }: SellingDeps): Promise<AssignmentRules> =>
  assignmentRulesOf(await directory.snapshot(), clock.now());

const createAccount = route({
  method: 'POST',
  path: '/v1/accounts',
  scope: 'sales/deals.write',
  summary: 'Create an account',
  description: 'Without a territory and an owner, the territory rules say whose it is.',
  status: 201,
  idempotent: true,
  body: AccountDetails.partial().extend({
    name: AccountName,
    domains: AccountDomains.optional().describe(
      'Host names of the company. Those of mail services for everyone, as gmail.com, identify nobody.',
    ),
    externalIds: ExternalIds.default([]).describe(
      'Ids in other systems; the first one identifies the account in imports.',
    ),
  }),
  example: {
    name: 'Trattoria Rossi',
    industry: 'restaurants',
    country: 'US',
    domains: ['rossi.example'],
    taxId: 'IT 01234567890',
    externalIds: ['crm-4711'],
  },
  response: AccountResource,
  async handle(request, deps: SellingDeps) {
    const { table, accounts, references, visibility, clock } = deps;
    const { body } = request;
    await references.check(body);
    if (body.ownerId !== undefined) await visibility.assertMayOwn(body.ownerId);
    const now = clock.now();
    const [externalId] = body.externalIds;
    const id =
      externalId === undefined ? idOfNew(AccountId, request, clock) : accountIdOfExternal(externalId);
    const fresh = { ...body, id, createdAt: now, updatedAt: now };
    const decider = deciderOf(fresh, { before: undefined, given: body });
    const account = await decided(fresh, decider, async () => presentRules(deps));
    return createAs(accounts, account, request, AccountChanged, table);
  },
});

const listAccounts = route({
  method: 'GET',
  path: '/v1/accounts',
  scope: 'sales/deals.read',
  summary: 'List accounts by name',
  query: pageQuery.extend({
    name: z.string().min(1).max(200).optional().describe('The whole name, in any case.'),
  }),
  response: page(AccountResource),
  async handle({ query }, { accounts }: SellingDeps) {
    const { limit, name } = query;
    const binding = { list: 'accounts', name };
    const options = { limit, cursor: positionOf(query, binding) };
    const { items, lastKey } = await (name === undefined
      ? accounts.queryIndex('gsi2', ACCOUNTS, options)
      : accounts.queryIndex('gsi1', accountsNamed(name), options));
    return pageOf(items, lastKey, binding);
  },
});

const getAccount = route({
  method: 'GET',
  path: '/v1/accounts/{id}',
  scope: 'sales/deals.read',
  summary: 'Get an account',
  params,
  response: AccountResource,
  handle: async ({ params: { id } }, { accounts }: SellingDeps) => accounts.get(id),
});

const changeAccount = route({
  method: 'PATCH',
  path: '/v1/accounts/{id}',
  scope: 'sales/deals.write',
  summary: 'Change an account',
  description:
    'Null empties a field. Closed deals keep the industry, segment and territory they closed with. Giving a territory or an owner takes the account from the territory rules; taking both away gives it back to them.',
  params,
  body: z
    .strictObject({
      name: AccountName,
      externalIds: ExternalIds,
      industry: AccountDetails.shape.industry.nullable(),
      segment: AccountDetails.shape.segment.nullable(),
      country: AccountDetails.shape.country.nullable(),
      region: AccountDetails.shape.region.nullable(),
      postalCode: AccountDetails.shape.postalCode.nullable(),
      annualRevenue: AccountDetails.shape.annualRevenue.nullable(),
      domains: AccountDomains,
      taxId: AccountDetails.shape.taxId.nullable(),
      email: AccountDetails.shape.email.nullable(),
      ownerId: AccountDetails.shape.ownerId.nullable(),
      territoryId: AccountDetails.shape.territoryId.nullable(),
    })
    .partial(),
  response: AccountResource,
  async handle({ params: { id }, body, ifMatch }, deps: SellingDeps) {
    const { accounts, references, visibility, clock } = deps;
    const account = await accounts.get(id);
    await visibility.assertMayChangeAccount(account);
    assertVersion(account, ifMatch, `account ${id}`);
    await references.check(body);
    if (body.ownerId != null) await visibility.assertMayOwn(body.ownerId);
    const edited = patched(account, body);
    const decider = deciderOf(edited, { before: account, given: body });
    const changed = await decided(edited, decider, async () => presentRules(deps));
    if (changed === account) return account;
    return accounts.save({ ...changed, version: account.version, updatedAt: clock.now() }, AccountChanged);
  },
});

export const accountRoutes = [createAccount, listAccounts, getAccount, changeAccount] as const;
