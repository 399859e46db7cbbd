import { month, type Target, type World } from './world.ts';

/**
 * What a rep, her manager, another team's manager and an admin may do with what is the rep's own, a teammate's, and someone's of the
 * other team, in this order: `+` may, `-` is told that there is none (404), `x` is told that they may not (403).
 */
export type Rights = string;

export interface Row {
  readonly rights: Rights;
  /** Below the API; for the target. */
  readonly path?: (world: World, target: Target) => string;
  readonly body?: (world: World, target: Target) => unknown;
  /** For a system with the route's scope; it may, unless this says otherwise. */
  readonly client?: 'x';
  /** Statuses beside 2xx and 412 that mean that the caller was let in, as where the state does not allow the step. */
  readonly letIn?: readonly number[];
}

const everyone: Rights = '+++ +++ +++ +++';
const admins: Rights = 'xxx xxx xxx +++';
/** Deals and orders: their owner, whoever manages the owner’s team, admins. */
const owners: Rights = '+-- ++- --+ +++';
/** Numbers: a rep sees those of the own team’s board, too. */
const board: Rights = '++- ++- --+ +++';

const money = { amount: 5_000, currency: 'USD' };

const one =
  (path: string, id: (world: World, target: Target) => string): NonNullable<Row['path']> =>
  (world, target) =>
    path.replace(/\{\w+\}/, id(world, target));

const ofDeal = (step = '') => one(`/v1/deals/{id}${step}`, ({ deals }, target) => deals[target]);
const ofGoal = (step = '') => one(`/v1/goals/{id}${step}`, ({ goals }, target) => goals[target]);
const ofMember = (step = '') => one(`/v1/members/{id}${step}`, ({ members }, target) => members[target]);
const ofImport = (kind: keyof World['imports']) =>
  one(`/v1/imports/${kind}/{id}`, ({ imports }) => imports[kind]);

/** Every route but the open ones, each with who may what. */
export const rows: Readonly<Record<string, Row>> = {
  // deals: accounts, products and the pipeline are everybody's to read
  'POST /v1/accounts': { rights: everyone, body: (_, target) => ({ name: `Osteria ${target}` }) },
  'GET /v1/accounts': { rights: everyone },
  'GET /v1/accounts/{id}': {
    rights: everyone,
    path: one('/v1/accounts/{id}', ({ accounts }, target) => accounts[target]),
  },
  'POST /v1/products': {
    rights: admins,
    body: (_, target) => ({ sku: `SKU-${target}`, name: 'Ravioli' }),
    letIn: [409],
  },
  'GET /v1/products': { rights: everyone },
  'GET /v1/products/{id}': { rights: everyone, path: one('/v1/products/{id}', ({ product }) => product) },
  'PATCH /v1/products/{id}': {
    rights: admins,
    path: one('/v1/products/{id}', ({ product }) => product),
    body: () => ({ name: 'Penne rigate' }),
  },
  'GET /v1/pipelines': { rights: everyone },
  'GET /v1/pipelines/{id}': { rights: everyone, path: one('/v1/pipelines/{id}', ({ pipeline }) => pipeline) },
  'GET /v1/fx-rates/{day}': { rights: everyone, path: () => '/v1/fx-rates/2026-01-05' },
  'PUT /v1/fx-rates/{day}': {
    rights: admins,
    path: () => '/v1/fx-rates/2026-01-05',
    body: () => ({ rates: { EUR: '1.2' } }),
  },
  'GET /v1/stores': { rights: everyone },
  'GET /v1/stores/{id}': { rights: everyone, path: one('/v1/stores/{id}', ({ store }) => store) },
  'POST /v1/stores': {
    rights: admins,
    body: () => ({
      name: 'Another shop',
      platform: 'shopify',
      currency: 'USD',
      secrets: ['a-secret-of-many'],
    }),
  },
  'PATCH /v1/stores/{id}': {
    rights: admins,
    path: one('/v1/stores/{id}', ({ store }) => store),
    body: () => ({ name: 'Renamed' }),
  },
  'PATCH /v1/accounts/{id}': {
    rights: '+xx ++x xx+ +++',
    path: one('/v1/accounts/{id}', ({ accounts }, target) => accounts[target]),
    body: () => ({ segment: 'small' }),
  },

  // deals: deals and orders
  'GET /v1/deals': { rights: everyone },
  'POST /v1/deals': {
    rights: '+xx ++x xx+ +++',
    body: ({ members }, target) => ({ name: 'Fusilli', ownerId: members[target], amount: money }),
  },
  'GET /v1/deals/{id}': { rights: owners, path: ofDeal() },
  'PATCH /v1/deals/{id}': { rights: owners, path: ofDeal(), body: () => ({ nextStep: 'Call' }) },
  'DELETE /v1/deals/{id}': { rights: owners, path: ofDeal() },
  'GET /v1/deals/{id}/history': { rights: owners, path: ofDeal('/history') },
  'POST /v1/deals/{id}/stage': { rights: owners, path: ofDeal('/stage'), body: () => ({ stage: 'closing' }) },
  'POST /v1/deals/{id}/win': { rights: owners, path: ofDeal('/win'), body: () => ({}) },
  'POST /v1/deals/{id}/lose': { rights: owners, path: ofDeal('/lose'), body: () => ({ reason: 'price' }) },
  'POST /v1/deals/{id}/reopen': {
    rights: owners,
    path: ofDeal('/reopen'),
    body: () => ({ reason: 'Again' }),
  },
  'POST /v1/deals/{id}/adjustments': {
    rights: owners,
    path: ofDeal('/adjustments'),
    body: () => ({ kind: 'refund', amount: money, reason: 'Wet' }),
  },
  'GET /v1/orders': { rights: everyone },
  'GET /v1/orders/{id}': {
    rights: owners,
    path: one('/v1/orders/{id}', ({ orders }, target) => orders[target]),
  },

  // imports may hold anyone's records
  ...Object.fromEntries(
    (['members', 'accounts', 'products', 'deals'] as const).flatMap((kind): [string, Row][] => [
      [
        `POST /v1/imports/${kind}`,
        {
          rights: admins,
          body: () => ({
            csv:
              kind === 'deals' ? 'externalId,owner,stage\n' : kind === 'products' ? 'sku,name\n' : 'name\n',
            ...(kind === 'deals' || kind === 'products' ? { currency: 'USD' } : {}),
          }),
        },
      ],
      [`GET /v1/imports/${kind}/{id}`, { rights: admins, path: ofImport(kind) }],
    ]),
  ),

  // team: the directory is everybody's to read, the organization's to change
  'GET /v1/organization': { rights: everyone },
  'PUT /v1/organization': { rights: admins, body: () => ({ name: 'PastaPro' }) },
  'GET /v1/members': { rights: everyone },
  'POST /v1/members': { rights: admins, body: () => ({ name: 'Newcomer' }) },
  'GET /v1/members/{id}': { rights: everyone, path: ofMember() },
  'PATCH /v1/members/{id}': { rights: admins, path: ofMember(), body: () => ({ rampMonths: 2 }) },
  'POST /v1/members/{id}/transfer': {
    rights: admins,
    path: ofMember('/transfer'),
    body: ({ teams }) => ({ teamId: teams.foreign, effectiveOn: '2099-01-01' }),
  },
  'POST /v1/members/{id}/depart': {
    rights: admins,
    path: ofMember('/depart'),
    body: () => ({ on: '2026-01-01' }),
  },
  'GET /v1/teams': { rights: everyone },
  'POST /v1/teams': { rights: admins, body: () => ({ name: 'East' }) },
  'GET /v1/teams/{id}': {
    rights: everyone,
    path: one('/v1/teams/{id}', ({ teams }, target) => teams[target]),
  },
  'PATCH /v1/teams/{id}': {
    rights: admins,
    path: one('/v1/teams/{id}', ({ teams }, target) => teams[target]),
    body: () => ({ name: 'Renamed' }),
  },
  'GET /v1/territories': { rights: everyone },
  'POST /v1/territories': { rights: admins, body: () => ({ name: 'Inland' }) },
  'GET /v1/territories/{id}': {
    rights: everyone,
    path: one('/v1/territories/{id}', ({ territory }) => territory),
  },
  'PATCH /v1/territories/{id}': {
    rights: admins,
    path: one('/v1/territories/{id}', ({ territory }) => territory),
    body: () => ({ name: 'Renamed' }),
  },

  // metrics
  'GET /v1/kpis': { rights: everyone },
  'GET /v1/metrics': {
    rights: board,
    path: ({ members }, target) => `/v1/metrics?scope=rep:${members[target]}&period=${month()}`,
  },
  'GET /v1/metrics/breakdown': {
    rights: board,
    path: ({ members }, target) =>
      `/v1/metrics/breakdown?scope=rep:${members[target]}&period=${month()}&by=month`,
  },

  // goals
  'GET /v1/goals': { rights: everyone },
  'POST /v1/goals': {
    rights: 'xxx ++x xx+ +++',
    body: ({ members }, target) => ({
      name: 'Another goal',
      scope: `rep:${members[target]}`,
      kpi: 'wonDeals',
      period: month(),
      target: 9,
    }),
  },
  'GET /v1/goals/{id}': { rights: board, path: ofGoal() },
  'PATCH /v1/goals/{id}': { rights: 'xxx ++- --+ +++', path: ofGoal(), body: () => ({ name: 'Renamed' }) },
  'DELETE /v1/goals/{id}': { rights: 'xxx ++- --+ +++', path: ofGoal() },
  'GET /v1/goals/{id}/progress': { rights: board, path: ofGoal('/progress') },
  'GET /v1/goals/{id}/alerts': { rights: board, path: ofGoal('/alerts') },
  'GET /v1/alerts': { rights: everyone },
};
