import { admins, everyone, one, owners, type Row } from './row.ts';
import type { WholeWorld } from './world.ts';

/** As accounts: seen by everyone, changed by whoever may change the account. */
const ofAccounts = '+xx ++x xx+ +++';

const ofContact = one('/v1/contacts/{id}', ({ contacts }, target) => contacts[target]);

const ofLead = (step = '') => one(`/v1/leads/{id}${step}`, ({ leads }, target) => leads[target]);

export const leadsRows: Readonly<Record<string, Row>> = {
  'POST /v1/contacts': {
    rights: ofAccounts,
    body: ({ accounts }: WholeWorld, target) => ({ lastName: 'Greco', accountId: accounts[target] }),
  },
  'GET /v1/contacts': { rights: everyone },
  'GET /v1/contacts/{id}': { rights: everyone, path: ofContact },
  'PATCH /v1/contacts/{id}': { rights: ofAccounts, path: ofContact, body: () => ({ jobTitle: 'Chef' }) },
  'DELETE /v1/contacts/{id}': { rights: ofAccounts, path: ofContact },

  'POST /v1/imports/contacts': { rights: admins, body: () => ({ csv: 'lastName,email\n' }) },
  'GET /v1/imports/contacts/{id}': {
    rights: admins,
    path: one('/v1/imports/contacts/{id}', ({ imports }) => imports.contacts),
  },
  'POST /v1/imports/leads': { rights: admins, body: () => ({ csv: 'name,email\n' }) },
  'GET /v1/imports/leads/{id}': {
    rights: admins,
    path: one('/v1/imports/leads/{id}', ({ imports }) => imports.leads),
  },

  // leads: as deals
  'GET /v1/leads': { rights: everyone },
  'POST /v1/leads': {
    rights: ofAccounts,
    body: ({ members }: WholeWorld, target) => ({ name: 'Nino Greco', ownerId: members[target] }),
  },
  'GET /v1/leads/{id}': { rights: owners, path: ofLead() },
  'PATCH /v1/leads/{id}': { rights: owners, path: ofLead(), body: () => ({ status: 'working' }) },
  'DELETE /v1/leads/{id}': { rights: owners, path: ofLead() },
  'POST /v1/leads/{id}/convert': { rights: owners, path: ofLead('/convert'), body: () => ({}) },
  'POST /v1/leads/{id}/disqualify': {
    rights: owners,
    path: ofLead('/disqualify'),
    body: () => ({ reason: 'spam' }),
  },
  'POST /v1/leads/{id}/reopen': {
    rights: owners,
    path: ofLead('/reopen'),
    body: () => ({ reason: 'Again' }),
  },
  'POST /v1/leads/{id}/assign': { rights: owners, path: ofLead('/assign'), body: () => ({}) },
};
