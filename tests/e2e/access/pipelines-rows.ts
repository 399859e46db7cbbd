import { admins, everyone, one, owners, type Row } from './row.ts';

/** Whoever manages the owner’s team, and admins; the owner sees the deal, and may not. */
const approvers = 'x-- ++- --+ +++';

const ofPipeline = one('/v1/pipelines/{id}', ({ pipeline }) => pipeline);

export const pipelinesRows: Readonly<Record<string, Row>> = {
  'GET /v1/pipelines': { rights: everyone },
  'GET /v1/pipelines/{id}': { rights: everyone, path: ofPipeline },
  'POST /v1/pipelines': {
    rights: admins,
    body: () => ({
      name: 'Renewals',
      stages: [{ key: 'due', name: 'Due', probability: 0.5, rottingDays: 9 }],
    }),
  },
  'PATCH /v1/pipelines/{id}': {
    rights: admins,
    path: ofPipeline,
    body: () => ({ competitors: ['Bianchi'] }),
  },
  'GET /v1/pipelines/{id}/migrations/{migrationId}': {
    rights: admins,
    path: ({ migration: { pipeline, id } }) => `/v1/pipelines/${pipeline}/migrations/${id}`,
  },
  'POST /v1/deals/{id}/transfer': {
    rights: owners,
    path: one('/v1/deals/{id}/transfer', ({ deals }, target) => deals[target]),
    body: ({ members }, target) => ({ ownerId: members[target], dryRun: true }),
  },
  'POST /v1/deal-transfers': {
    rights: '+xx ++x xx+ +++',
    body: ({ members }, target) => ({ fromOwnerId: members[target], toOwnerId: members[target] }),
  },
  'GET /v1/deal-transfers/{id}': {
    rights: '--- --- --- +++',
    path: one('/v1/deal-transfers/{id}', ({ transfers }) => transfers),
  },
  'POST /v1/deals/{id}/approve-discount': {
    rights: approvers,
    path: one('/v1/deals/{id}/approve-discount', ({ deals }, target) => deals[target]),
    body: () => ({}),
    // Nothing is discounted.
    letIn: [409],
  },
};
