import { everyone, one, type Row } from './row.ts';
import type { WholeWorld } from './world.ts';

/** As accounts: seen by everyone, changed by whoever may change the account. */
const ofAccounts = '+xx ++x xx+ +++';

const ofContact = one('/v1/contacts/{id}', ({ contacts }, target) => contacts[target]);

export const leadsRows: Readonly<Record<string, Row>> = {
  'POST /v1/contacts': {
    rights: ofAccounts,
    body: ({ accounts }: WholeWorld, target) => ({ lastName: 'Greco', accountId: accounts[target] }),
  },
  'GET /v1/contacts': { rights: everyone },
  'GET /v1/contacts/{id}': { rights: everyone, path: ofContact },
  'PATCH /v1/contacts/{id}': { rights: ofAccounts, path: ofContact, body: () => ({ jobTitle: 'Chef' }) },
  'DELETE /v1/contacts/{id}': { rights: ofAccounts, path: ofContact },
};
