import { admins, everyone, one, type Row } from './row.ts';

/** The books: everyone may know what is locked, and only admins close them. */
export const booksRows: Readonly<Record<string, Row>> = {
  'POST /v1/periods/{period}/lock': { rights: admins, path: () => '/v1/periods/2001-05/lock' },
  'GET /v1/periods/{period}/lock': { rights: everyone, path: () => '/v1/periods/2001-05/lock' },
  'GET /v1/periods/locks': { rights: everyone },
  'GET /v1/fx-rates': { rights: everyone },
  'POST /v1/imports/fx-rates': { rights: admins, body: () => ({ csv: 'day,currency,rate\n' }) },
  'GET /v1/imports/fx-rates/{id}': {
    rights: admins,
    path: one('/v1/imports/fx-rates/{id}', ({ imports }) => imports['fx-rates']),
  },
};
