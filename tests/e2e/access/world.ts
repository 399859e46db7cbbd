import * as z from 'zod';
import { shopifyHeaders, shopifyOrder } from '../../../infra/local/demo/shopify-order.ts';
import { callWith } from '../../support/http-calls.ts';
import type { LocalRun } from '../../support/local-run.ts';
import type { PeopleWorld } from './people-world.ts';
import { create } from '../../support/sales-organization.ts';

/** Whose the object is, as Ada of North sees it: her own, a teammate's, someone's of another team. */
export const targets = ['own', 'team', 'foreign'] as const;
export type Target = (typeof targets)[number];

/** Ada sells in North; Mia manages North, Sam manages South. */
export const people = ['rep', 'manager', 'otherManager', 'admin'] as const;
export type Person = (typeof people)[number];

const SECRET = 'pastapro-access-secret';

const emailOf = (name: string): string => `${name}@pastapro.example`;
export const emails: Readonly<Record<Person, string>> = {
  rep: emailOf('ada'),
  manager: emailOf('mia'),
  otherManager: emailOf('sam'),
  admin: emailOf('ann'),
};

export type OfTarget = Readonly<Record<Target, string>>;

/** Two teams, and one object of each kind for each target; ids by target, or one where targets make no difference. */
export interface World {
  readonly members: OfTarget;
  readonly teams: OfTarget;
  readonly deals: OfTarget;
  readonly goals: OfTarget;
  readonly accounts: OfTarget;
  readonly contacts: OfTarget;
  readonly activities: OfTarget;
  readonly accountMerges: OfTarget;
  /** Imports of activities, traffic and feedback. */
  readonly voiceImports: Readonly<Record<string, string>>;
  /** Answers about the deals. */
  readonly feedback: OfTarget;
  readonly leads: OfTarget;
  readonly orders: OfTarget;
  readonly customers: OfTarget;
  readonly territory: string;
  readonly product: string;
  readonly transfers: string;
  readonly migration: { readonly pipeline: string; readonly id: string };
  readonly pipeline: string;
  readonly store: string;
  readonly delivery: { readonly storeId: string; readonly id: string };
  readonly replay: string;
  readonly imports: Readonly<
    Record<
      'members' | 'accounts' | 'products' | 'deals' | 'fx-rates' | 'contacts' | 'leads' | 'orders',
      string
    >
  >;
  readonly managers: OfTarget;
  readonly admin: string;
}

/** Everything that the rows speak of. */
export type WholeWorld = World & PeopleWorld;

const Ordered = z.object({ customerId: z.string() });
const Items = z.object({ items: z.array(z.object({ id: z.string() })) });
const WithId = z.object({ id: z.string() });

/** One of each, by what is made for a target. */
export const forTargets = async (make: (target: Target) => Promise<string>): Promise<OfTarget> => ({
  own: await make('own'),
  team: await make('team'),
  foreign: await make('foreign'),
});

export const month = (): string => new Date().toISOString().slice(0, 7);

const paidOrder = async (run: LocalRun, ownerId: string, number: number): Promise<string> => {
  const storeId = await create(run, '/v1/stores', {
    name: `Shop ${String(number)}`,
    platform: 'shopify',
    currency: 'USD',
    ownerId,
    secrets: [SECRET],
  });
  const id = `98765432${String(number)}`;
  const lines = [{ sku: 'LAS-12', title: 'Lasagne sheets', quantity: 2, price: '46.80' }];
  const at = new Date(Date.now() - 60_000).toISOString();
  const body = shopifyOrder({ id, number, at, lines, customerId: `77${String(number)}` });
  const answer = await callWith(
    'none',
    'POST',
    `${run.url}/v1/webhooks/${storeId}`,
    body,
    shopifyHeaders('orders/paid', body, SECRET, `delivery-${id}`),
  );
  if (answer.status !== 200) throw new Error(`webhook: ${String(answer.status)}`);
  await run.idle();
  const [order] = Items.parse((await run.request('GET', `/v1/orders?storeId=${storeId}`)).body).items;
  if (order === undefined) throw new Error('the store has no order');
  return order.id;
};

const accountMerge = async (run: LocalRun, ownerId: string): Promise<string> => {
  const accountId = await create(run, '/v1/accounts', { name: 'Rossi', ownerId });
  const duplicateId = await create(run, '/v1/accounts', { name: 'Rossi srl', ownerId });
  const { status, body } = await run.request('POST', '/v1/account-merges', { accountId, duplicateId });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return WithId.parse(body).id;
};

/** A delivery that no order comes of; answers its id. */
const customerDelivery = async (run: LocalRun, storeId: string): Promise<string> => {
  const body = JSON.stringify({ id: 1 });
  const headers = shopifyHeaders('customers/update', body, SECRET, `delivery-of-${storeId}`);
  const answer = await callWith('none', 'POST', `${run.url}/v1/webhooks/${storeId}`, body, headers);
  return z.object({ deliveryId: z.string() }).parse(answer.body).deliveryId;
};

const startImport = async (run: LocalRun, kind: string, csv: string, more: object = {}): Promise<string> => {
  const { status, body } = await run.request('POST', `/v1/imports/${kind}`, { csv, dryRun: true, ...more });
  if (status !== 202) throw new Error(JSON.stringify(body));
  return WithId.parse(body).id;
};

/** A preview of what one member’s deals would move, asked for by a system. */
const dealTransfers = async (run: LocalRun, fromOwnerId: string): Promise<string> => {
  const { body } = await run.request('POST', '/v1/deal-transfers', { fromOwnerId, toOwnerId: fromOwnerId });
  return WithId.parse(body).id;
};

/** A pipeline whose deals were brought to a change of it. */
const migratedPipeline = async (run: LocalRun): Promise<World['migration']> => {
  const stage = { key: 'due', name: 'Due', probability: 0.5, rottingDays: 9 };
  const pipeline = await create(run, '/v1/pipelines', { name: 'Upsells', stages: [stage] });
  const path = `/v1/pipelines/${pipeline}`;
  const { body } = await run.request('PATCH', path, { stages: [{ ...stage, probability: 0.6 }] });
  return { pipeline, id: z.object({ migration: WithId }).parse(body).migration.id };
};

const customerOf = async (run: LocalRun, orderId: string): Promise<string> =>
  Ordered.parse((await run.request('GET', `/v1/orders/${orderId}`)).body).customerId;

export const makeWorld = async (run: LocalRun): Promise<World> => {
  const put = await run.request('PUT', '/v1/organization', { name: 'PastaPro' });
  if (put.status !== 200) throw new Error(JSON.stringify(put.body));
  const north = await create(run, '/v1/teams', { name: 'North' });
  const south = await create(run, '/v1/teams', { name: 'South' });
  const member = async (name: string, role: string, teamId: string | undefined) =>
    create(run, '/v1/members', { name, email: emailOf(name), role, ...(teamId && { teamId }) });
  const mia = await member('mia', 'manager', north);
  const sam = await member('sam', 'manager', south);
  const admin = await member('ann', 'admin', undefined);
  const members: OfTarget = {
    own: await member('ada', 'rep', north),
    team: await member('bob', 'rep', north),
    foreign: await member('rob', 'rep', south),
  };
  for (const [team, managerId] of [
    [north, mia],
    [south, sam],
  ] as const) {
    const { status } = await run.request('PATCH', `/v1/teams/${team}`, { managerId });
    if (status !== 200) throw new Error(`team: ${String(status)}`);
  }
  await run.idle();
  const amount = { amount: 120_000, currency: 'USD' };
  const account = async (target: Target) =>
    create(run, '/v1/accounts', { name: `Trattoria ${target}`, ownerId: members[target] });
  const accounts = await forTargets(account);
  const pipelines = Items.parse((await run.request('GET', '/v1/pipelines')).body).items;
  const deals = await forTargets(async (target) =>
    create(run, '/v1/deals', {
      name: `Pasta for ${target}`,
      ownerId: members[target],
      accountId: accounts[target],
      amount,
    }),
  );
  let number = 1000;
  const orders = await forTargets(async (target) => paidOrder(run, members[target], (number += 1)));
  const made = {
    members,
    teams: { own: north, team: north, foreign: south },
    managers: { own: mia, team: mia, foreign: sam },
    admin,
    accounts,
    activities: await forTargets(async (target) =>
      create(run, '/v1/activities', {
        kind: 'task',
        ownerId: members[target],
        accountId: accounts[target],
      }),
    ),
    leads: await forTargets(async (target) =>
      create(run, '/v1/leads', { name: `Lina ${target}`, ownerId: members[target] }),
    ),
    contacts: await forTargets(async (target) =>
      create(run, '/v1/contacts', { lastName: `Serra ${target}`, accountId: accounts[target] }),
    ),
    accountMerges: await forTargets(async (target) => accountMerge(run, members[target])),
    deals,
    feedback: await forTargets(async (target) =>
      create(run, '/v1/feedback', { kind: 'csat', score: 5, dealId: deals[target] }),
    ),
    goals: await forTargets(async (target) =>
      create(run, '/v1/goals', {
        name: `Sales of ${target}`,
        scope: `rep:${members[target]}`,
        kpi: 'wonRevenue',
        period: month(),
        target: amount,
      }),
    ),
    orders,
    customers: await forTargets(async (target) => customerOf(run, orders[target])),
    territory: await create(run, '/v1/territories', { name: 'Coast' }),
    product: await create(run, '/v1/products', { sku: 'PEN-24', name: 'Penne' }),
    pipeline: pipelines[0]?.id ?? '',
    migration: await migratedPipeline(run),
    transfers: await dealTransfers(run, members.own),
    store: await create(run, '/v1/stores', {
      name: 'Nobody’s shop',
      platform: 'shopify',
      currency: 'USD',
      secrets: [SECRET],
    }),
    voiceImports: {
      activities: await startImport(run, 'activities', 'externalId,kind,owner\nA-1,call,ada\n'),
      traffic: await startImport(run, 'traffic', 'store,day,sessions\nShop,2026-01-05,10\n'),
      feedback: await startImport(run, 'feedback', 'kind,score,answeredAt\nnps,9,2026-01-05\n'),
    },
    imports: {
      members: await startImport(run, 'members', 'name\nRosa Conti\n'),
      accounts: await startImport(run, 'accounts', 'name\nOsteria Bella\n'),
      products: await startImport(run, 'products', 'sku,name\nFUS-24,Fusilli\n'),
      deals: await startImport(run, 'deals', 'externalId,owner,stage\nx-1,ada,qualification\n', {
        currency: 'USD',
      }),
      contacts: await startImport(run, 'contacts', 'lastName,email\nSerra,serra@blu.example\n'),
      leads: await startImport(run, 'leads', 'name,email\nLina,lina@blu.example\n'),
      orders: await startImport(run, 'orders', 'number,quantity,unitPrice,date\n', { currency: 'USD' }),
      'fx-rates': await startImport(run, 'fx-rates', 'day,currency,rate\n2026-01-05,EUR,1.1\n'),
    },
  };
  const replayed = await run.request('POST', `/v1/stores/${made.store}/replays`, {});
  const world = {
    ...made,
    delivery: { storeId: made.store, id: await customerDelivery(run, made.store) },
    replay: WithId.parse(replayed.body).id,
  };
  const rates = await run.request('PUT', '/v1/fx-rates/2026-01-05', { rates: { EUR: '1.1' } });
  if (rates.status !== 200) throw new Error(JSON.stringify(rates.body));
  await run.idle();
  return world;
};
