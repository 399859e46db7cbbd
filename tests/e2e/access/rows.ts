import { activityRows } from './activity-rows.ts';
import { accountsRows } from './accounts-rows.ts';
import { leadsRows } from './leads-rows.ts';
import { booksRows } from './books-rows.ts';
import { orderRows } from './order-rows.ts';
import { filesRows } from './files-rows.ts';
import { peopleRows } from './people-rows.ts';
import { storeRows } from './store-rows.ts';
import { pipelinesRows } from './pipelines-rows.ts';
import { admins, board, everyone, ofMember, one, owners, type Row } from './row.ts';
import { month, type World } from './world.ts';

const money = { amount: 5_000, currency: 'USD' };

const ofDeal = (step = '') => one(`/v1/deals/{id}${step}`, ({ deals }, target) => deals[target]);
const ofGoal = (step = '') => one(`/v1/goals/{id}${step}`, ({ goals }, target) => goals[target]);
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
  ...pipelinesRows,
  ...storeRows,
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
  ...orderRows,

  // accounts that are one
  ...accountsRows,

  // contacts and leads
  ...leadsRows,

  ...filesRows,

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
  'GET /v1/audit': { rights: admins, path: () => '/v1/audit?subject=organization' },
  'POST /v1/privacy/{kind}/{id}/erase': {
    rights: admins,
    path: ({ members }, target) => `/v1/privacy/member/${members[target]}/erase`,
    // They all work here.
    letIn: [409],
  },
  'POST /v1/privacy/{kind}/{id}/export': {
    rights: admins,
    path: ({ members }, target) => `/v1/privacy/member/${members[target]}/export`,
  },
  'GET /v1/privacy/jobs/{id}': {
    rights: admins,
    path: () => '/v1/privacy/jobs/job_01JD0000000000000000000000',
    letIn: [404],
  },
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

  ...activityRows,
  ...booksRows,
  ...peopleRows,
};
