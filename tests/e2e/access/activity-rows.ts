import { admins, everyone, one, owners, type Row } from './row.ts';
import type { WholeWorld } from './world.ts';

/** About an account, which everyone sees; changed by the activity’s owner, who manages the owner’s team, and admins. */
const changing = '+xx ++x xx+ +++';

const ofActivity = (step = '') =>
  one(`/v1/activities/{id}${step}`, ({ activities }, target) => activities[target]);
const ofDeal = (view: string) => one(`/v1/deals/{id}/${view}`, ({ deals }, target) => deals[target]);

const ofAnswer = one('/v1/feedback/{id}', ({ feedback }, target) => feedback[target]);

/** Of the files of imports. */
const headers = {
  activities: 'externalId,kind,owner\n',
  traffic: 'store,day,sessions\n',
  feedback: 'kind,score,answeredAt\n',
};
const ofImport = (kind: string) =>
  one(`/v1/imports/${kind}/{id}`, ({ voiceImports }) => voiceImports[kind] ?? '');

export const activityRows: Readonly<Record<string, Row>> = {
  'POST /v1/activities': {
    rights: changing,
    body: ({ members, accounts }: WholeWorld, target) => ({
      kind: 'note',
      ownerId: members[target],
      accountId: accounts[target],
    }),
  },
  'GET /v1/activities': { rights: everyone },
  'GET /v1/activities/{id}': { rights: everyone, path: ofActivity() },
  'PATCH /v1/activities/{id}': {
    rights: changing,
    path: ofActivity(),
    body: () => ({ nextStep: 'Call again' }),
  },
  'POST /v1/activities/{id}/complete': { rights: changing, path: ofActivity('/complete'), body: () => ({}) },
  'DELETE /v1/activities/{id}': { rights: changing, path: ofActivity() },
  'GET /v1/deals/{id}/activities': { rights: owners, path: ofDeal('activities') },
  'GET /v1/deals/{id}/timeline': { rights: owners, path: ofDeal('timeline') },
  'GET /v1/accounts/{id}/timeline': {
    rights: everyone,
    path: one('/v1/accounts/{id}/timeline', ({ accounts }, target) => accounts[target]),
  },
  'POST /v1/deals/{id}/activities': {
    rights: owners,
    path: ofDeal('activities'),
    body: ({ members }: WholeWorld, target) => ({ kind: 'note', ownerId: members[target] }),
  },

  // What was measured and answered outside counts for people, so that only admins and systems record it.
  'POST /v1/traffic': {
    rights: admins,
    body: ({ store }: WholeWorld) => ({ storeId: store, day: '2026-01-05', sessions: 10 }),
  },
  'GET /v1/traffic': { rights: everyone, path: ({ store }) => `/v1/traffic?storeId=${store}` },
  'POST /v1/feedback': {
    rights: admins,
    body: ({ accounts }: WholeWorld, target) => ({ kind: 'nps', score: 9, accountId: accounts[target] }),
  },
  'GET /v1/feedback': { rights: everyone },
  'GET /v1/feedback/{id}': { rights: owners, path: ofAnswer },
  'DELETE /v1/feedback/{id}': { rights: admins, path: ofAnswer },
  'POST /v1/feedback-invitations': {
    rights: admins,
    body: () => ({ kind: 'nps', day: '2026-01-05', asked: 10 }),
  },
  'GET /v1/feedback-invitations': { rights: everyone },

  ...Object.fromEntries(
    Object.entries(headers).flatMap(([kind, csv]): [string, Row][] => [
      [`POST /v1/imports/${kind}`, { rights: admins, body: () => ({ csv }) }],
      [`GET /v1/imports/${kind}/{id}`, { rights: admins, path: ofImport(kind) }],
    ]),
  ),
};
