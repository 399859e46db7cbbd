import * as z from 'zod';
import { AccountChanged } from '../../../shared/events/deals.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, MemberId, TerritoryId } from '../../../shared/ids/id.ts';
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
import { assertUnmerged } from '../domain/account-merge.ts';
import { patched } from '../domain/patch.ts';
import { accountPage } from '../accounts/account-list.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { createAs } from '../store/create-as.ts';
import { possibleDuplicates, PossibleDuplicate } from './account-duplicates.ts';

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
  response: AccountResource.extend({
    possibleDuplicates: z
      .array(PossibleDuplicate)
      .optional()
      .describe(
        'Accounts that share a domain, tax id, e-mail address or id elsewhere with it, if there are any.',
      ),
  }).meta({ id: 'CreatedAccount' }),
  async handle(request, deps: SellingDeps) {
    const { table, accounts, references, visibility, duplicates, clock } = deps;
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
    const created = await createAs(accounts, account, request, AccountChanged, table);
    const found = await duplicates.of(created);
    return { ...created, ...(found.length > 0 && { possibleDuplicates: possibleDuplicates(found) }) };
  },
});

const listAccounts = route({
  method: 'GET',
  path: '/v1/accounts',
  scope: 'sales/deals.read',
  summary: 'List accounts by name',
  description:
    'Filters narrow one another. Merged accounts are left out. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    name: z.string().min(1).max(200).optional().describe('The whole name, in any case.'),
    q: z.string().trim().min(1).max(200).optional().describe('Text within the name, in any case.'),
    ownerId: MemberId.optional().describe('Only this member’s.'),
    territoryId: TerritoryId.optional().describe('Only those of this very territory.'),
    health: z
      .enum(['atRisk', 'reorderDue'])
      .optional()
      .describe(
        'Only those of which the last look, once a day at least, said so; see GET /v1/accounts/{id}/health.',
      ),
  }),
  response: page(AccountResource),
  async handle({ query }, { table }: SellingDeps) {
    const { limit, cursor: _cursor, ...filter } = query;
    const binding = { list: 'accounts', ...filter };
    const { items, lastKey } = await accountPage(table, filter, {
      limit,
      cursor: positionOf(query, binding),
    });
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
  example: { segment: 'gastronomy', country: 'US' },
  response: AccountResource,
  async handle({ params: { id }, body, ifMatch }, deps: SellingDeps) {
    const { accounts, references, visibility, clock } = deps;
    const account = await accounts.get(id);
    await visibility.assertMayChangeAccount(account);
    assertVersion(account, ifMatch, `account ${id}`);
    assertUnmerged(account);
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
