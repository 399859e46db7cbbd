import { admins, board, everyone, ofMember, one, owners, type Row } from './row.ts';
import { yesterday } from './people-world.ts';
import { month, type Target, type WholeWorld } from './world.ts';

/** Hiring: whoever manages the candidate’s team, and admins. */
const hiring = 'xxx ++- --+ +++';
/** What is kept about a member: seen by the member, kept by whoever manages the member’s team. */
const keepers = 'x-- ++- --+ +++';

/** What is kept about a member, who does not see it yet. */
const drafts = '--- ++- --+ +++';

const meetings = 'xx- ++- --+ +++';

const ofMeeting = (step = '') => one(`/v1/meetings/{id}${step}`, ({ meetings: ids }, target) => ids[target]);
const ofReview = (step = '') => one(`/v1/reviews/{id}${step}`, ({ reviews }, target) => reviews[target]);
const ofCandidate = (step = '') =>
  one(`/v1/candidates/{id}${step}`, ({ candidates }, target) => candidates[target]);
const ofTeam = (step: string) => one(`/v1/teams/{id}${step}`, ({ teams }, target) => teams[target]);
const ofProgram = (step = '') => one(`/v1/training-programs/{id}${step}`, ({ program }) => program);
const ofCoaching = (step = '') =>
  one(`/v1/coaching-sessions/{id}${step}`, ({ coaching }, target) => coaching[target]);

const text = () => ({ text: 'Knows the restaurants of Emilia.' });
const reason = () => ({ reason: 'Another region' });

export const peopleRows: Readonly<Record<string, Row>> = {
  // absences and capacity
  'GET /v1/members/{id}/absences': { rights: owners, path: ofMember('/absences') },
  'PUT /v1/members/{id}/absences/{from}': {
    rights: owners,
    path: ofMember('/absences/2099-08-01'),
    body: () => ({ until: '2099-08-14' }),
  },
  'DELETE /v1/members/{id}/absences/{from}': { rights: owners, path: ofMember('/absences/2099-08-01') },
  'GET /v1/teams/{id}/capacity': { rights: '++- ++- --+ +++', path: ofTeam('/capacity?period=2026-Q4') },

  // settings that numbers are counted by
  'POST /v1/organization/changes': { rights: admins, body: () => ({ timeZone: 'Europe/Rome' }) },
  'GET /v1/organization/changes': { rights: admins },
  'GET /v1/organization/changes/{id}': {
    rights: admins,
    path: one('/v1/organization/changes/{id}', ({ settingsChange }) => settingsChange),
  },

  // the audit, and what is kept about people: for admins
  'GET /v1/audit': {
    rights: admins,
    path: ({ deals }, target) => `/v1/audit?subject=${deals[target]}`,
  },
  'POST /v1/privacy/{kind}/{id}/erase': {
    rights: admins,
    path: ({ members }, target) => `/v1/privacy/member/${members[target]}/erase`,
    // Who is still there is not erased.
    letIn: [409],
  },
  'POST /v1/privacy/{kind}/{id}/export': {
    rights: admins,
    path: ({ members }, target) => `/v1/privacy/member/${members[target]}/export`,
  },
  'GET /v1/privacy/jobs/{id}': {
    rights: admins,
    path: one('/v1/privacy/jobs/{id}', ({ privacyJob }) => privacyJob),
  },

  // whose accounts would be whose by the territories’ rules
  'POST /v1/account-assignments': { rights: admins, body: () => ({}) },
  'GET /v1/account-assignments/{id}': {
    rights: admins,
    path: one('/v1/account-assignments/{id}', ({ assignmentJob }) => assignmentJob),
  },

  // what became of the work of someone who left, seen by whoever sees the heir
  'GET /v1/hand-overs/{memberId}': {
    rights: owners,
    path: one('/v1/hand-overs/{memberId}', ({ departed }, target) => departed[target]),
  },

  // territories’ rules
  'POST /v1/territories/resolve': { rights: everyone, body: () => ({ account: { country: 'IT' } }) },
  'GET /v1/territories/coverage': { rights: 'xxx +++ +++ +++' },

  // hiring
  'POST /v1/candidates': {
    rights: 'xxx ++x xx+ +++',
    body: ({ teams }: WholeWorld, target: Target) => ({
      name: 'Nino Greco',
      email: 'nino@example.com',
      role: 'Account executive',
      teamId: teams[target],
    }),
  },
  'GET /v1/candidates': { rights: 'xxx +++ +++ +++' },
  'GET /v1/candidates/{id}': { rights: hiring, path: ofCandidate() },
  'PATCH /v1/candidates/{id}': { rights: hiring, path: ofCandidate(), body: () => ({ source: 'referral' }) },
  'POST /v1/candidates/{id}/stage': {
    rights: hiring,
    path: ofCandidate('/stage'),
    body: () => ({ stage: 'interview' }),
  },
  'POST /v1/candidates/{id}/reject': { rights: hiring, path: ofCandidate('/reject'), body: reason },
  'POST /v1/candidates/{id}/reopen': { rights: hiring, path: ofCandidate('/reopen'), body: reason },
  'POST /v1/candidates/{id}/notes': { rights: hiring, path: ofCandidate('/notes'), body: text },
  'POST /v1/candidates/{id}/scorecards': {
    rights: hiring,
    path: ofCandidate('/scorecards'),
    body: () => ({ criteria: [{ name: 'Listening', score: 4 }], recommendation: 'yes' }),
  },
  'POST /v1/candidates/{id}/hire': {
    rights: hiring,
    path: ofCandidate('/hire'),
    body: ({ teams }, target) => ({ teamId: teams[target], startedOn: '2026-12-01' }),
  },

  // training
  'POST /v1/training-programs': {
    rights: admins,
    body: () => ({ name: 'Closing', modules: [{ key: 'ask', name: 'Ask for it' }] }),
  },
  'GET /v1/training-programs': { rights: everyone },
  'GET /v1/training-programs/{id}': { rights: everyone, path: ofProgram() },
  'PATCH /v1/training-programs/{id}': { rights: admins, path: ofProgram(), body: () => ({ dueDays: 20 }) },
  'POST /v1/training-programs/{id}/assignments': {
    rights: 'xxx ++- --+ +++',
    path: ofProgram('/assignments'),
    body: ({ members }, target) => ({ memberIds: [members[target]] }),
  },
  'GET /v1/training-programs/{id}/assignments': { rights: everyone, path: ofProgram('/assignments') },
  'GET /v1/training-programs/{id}/effect': { rights: 'xxx +++ +++ +++', path: ofProgram('/effect') },
  'GET /v1/training-assignments': {
    rights: owners,
    path: ({ members }, target) => `/v1/training-assignments?memberId=${members[target]}`,
  },
  'POST /v1/training-assignments/{id}/modules/{key}/complete': {
    rights: owners,
    path: one(
      '/v1/training-assignments/{id}/modules/shapes/complete',
      ({ assignments }, target) => assignments[target],
    ),
    body: () => ({}),
  },

  // reviews: drafts, which the member does not see
  'POST /v1/reviews': {
    rights: keepers,
    body: ({ members }, target) => ({ memberId: members[target], period: month() }),
  },
  'GET /v1/reviews': { rights: everyone },
  'GET /v1/reviews/{id}': { rights: drafts, path: ofReview() },
  'PATCH /v1/reviews/{id}': { rights: drafts, path: ofReview(), body: () => ({ overall: 4 }) },
  'POST /v1/reviews/{id}/snapshot': { rights: drafts, path: ofReview('/snapshot') },
  'POST /v1/reviews/{id}/complete': { rights: drafts, path: ofReview('/complete') },
  'POST /v1/reviews/{id}/acknowledge': {
    rights: '--- xx- --x xxx',
    path: ofReview('/acknowledge'),
    body: () => ({}),
    client: 'x',
  },

  // meetings: seen by the team, kept by whoever manages it
  'POST /v1/meetings': {
    rights: meetings,
    body: ({ teams }, target) => ({
      teamId: teams[target],
      title: 'Monday round',
      startsAt: '2099-11-30T08:00:00Z',
    }),
  },
  'GET /v1/meetings': { rights: everyone },
  'GET /v1/meetings/{id}': { rights: board, path: ofMeeting() },
  'PATCH /v1/meetings/{id}': { rights: meetings, path: ofMeeting(), body: () => ({ title: 'Later' }) },
  'POST /v1/meetings/{id}/prepare': { rights: meetings, path: ofMeeting('/prepare') },
  'POST /v1/meetings/{id}/actions/{actionId}/done': {
    rights: '+x- ++- --+ +++',
    path: ({ meetings: ids, meetingActions }, target) =>
      `/v1/meetings/${ids[target]}/actions/${meetingActions[target]}/done`,
  },

  // coaching
  'POST /v1/coaching-sessions': {
    rights: keepers,
    body: ({ members }, target) => ({
      memberId: members[target],
      heldOn: yesterday(),
      focusKpi: 'winRate',
    }),
    // A system is let in, and has to say who held the session.
    letIn: [400],
  },
  'GET /v1/coaching-sessions': { rights: everyone },
  'GET /v1/coaching-sessions/{id}': { rights: owners, path: ofCoaching() },
  'PATCH /v1/coaching-sessions/{id}': {
    rights: keepers,
    path: ofCoaching(),
    body: () => ({ notes: 'Better' }),
  },
  'POST /v1/coaching-sessions/{id}/actions/{actionId}/done': {
    rights: owners,
    path: ({ coaching, coachingActions }, target) =>
      `/v1/coaching-sessions/${coaching[target]}/actions/${coachingActions[target]}/done`,
  },
};
