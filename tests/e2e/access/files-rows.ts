import { admins, type Row } from './row.ts';

/** Exports hold everyone's records. */
export const filesRows: Readonly<Record<string, Row>> = Object.fromEntries(
  [
    'accounts',
    'products',
    'deals',
    'orders',
    'fx-rates',
    'contacts',
    'leads',
    'activities',
    'traffic',
    'feedback',
    'members',
  ].flatMap((kind): [string, Row][] => [
    [`POST /v1/exports/${kind}`, { rights: admins, body: () => ({}) }],
    [
      `GET /v1/exports/${kind}/{id}`,
      {
        rights: admins,
        path: () => `/v1/exports/${kind}/exp_01JD0000000000000000000000`,
        letIn: [404],
      },
    ],
  ]),
);
