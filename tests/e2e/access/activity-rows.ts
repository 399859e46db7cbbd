import { everyone, one, owners, type Row } from './row.ts';
import type { WholeWorld } from './world.ts';

/** About an account, which everyone sees; changed by the activity’s owner, who manages the owner’s team, and admins. */
const changing = '+xx ++x xx+ +++';

const ofActivity = (step = '') =>
  one(`/v1/activities/{id}${step}`, ({ activities }, target) => activities[target]);
const ofDeal = (view: string) => one(`/v1/deals/{id}/${view}`, ({ deals }, target) => deals[target]);

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
  'POST /v1/deals/{id}/activities': {
    rights: owners,
    path: ofDeal('activities'),
    body: ({ members }: WholeWorld, target) => ({ kind: 'note', ownerId: members[target] }),
  },
};
