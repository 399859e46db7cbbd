import { admins, everyone, one, type Row } from './row.ts';
import type { WholeWorld } from './world.ts';

const ofStore = (view: string) => one(`/v1/stores/{id}/${view}`, ({ store }: WholeWorld) => store);

/** How stores and their deliveries do; what concerns the whole organization is for admins. */
export const storeRows: Readonly<Record<string, Row>> = {
  'GET /v1/stores/{id}/health': { rights: everyone, path: ofStore('health') },
  'GET /v1/stores/{id}/deliveries': { rights: admins, path: ofStore('deliveries') },
  'GET /v1/stores/{id}/deliveries/{entryId}': {
    rights: admins,
    path: ({ delivery }) => `/v1/stores/${delivery.storeId}/deliveries/${delivery.id}`,
  },
  'POST /v1/stores/{id}/replays': { rights: admins, path: ofStore('replays'), body: () => ({}) },
  'GET /v1/stores/{id}/replays/{entryId}': {
    rights: admins,
    path: ({ store, replay }) => `/v1/stores/${store}/replays/${replay}`,
  },
  'POST /v1/stores/{id}/reconciliations': {
    rights: admins,
    path: ofStore('reconciliations'),
    body: () => ({ from: new Date(Date.now() - 86_400_000).toISOString(), dryRun: true }),
    // The store was given no access to its platform's API.
    letIn: [409],
  },
  'GET /v1/stores/{id}/reconciliations/{entryId}': {
    rights: admins,
    // No reconciliation can have been made of it: the job is one of another kind.
    path: ({ store, replay }) => `/v1/stores/${store}/reconciliations/${replay}`,
    letIn: [404],
  },
};
