import * as z from 'zod';
import { OpenStage } from '../../../shared/events/people.ts';
import { route } from '../../../shared/http/route.ts';
import {
  moveCandidate,
  noteOn,
  Recommendation,
  rejectCandidate,
  reopenCandidate,
  scoreCandidate,
} from '../domain/candidate.ts';
import { Name } from '../domain/name.ts';
import { textOf } from '../domain/text.ts';
import {
  assertNoHireBegun,
  Candidate,
  candidateParams,
  candidatesOf,
  deedOf,
  candidateFor,
  shownCandidate,
} from './candidate.ts';
import type { TeamDeps } from './deps.ts';

/** Where the organization has set none. */
const RETENTION_DAYS = 180;

const reason = textOf(500);

export const moveToStage = route({
  method: 'POST',
  path: '/v1/candidates/{id}/stage',
  via: '/v1/candidates/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Move a candidate to another stage',
  description: 'On by one stage or several; back with a reason.',
  params: candidateParams,
  body: z.strictObject({ stage: OpenStage, reason: reason.optional() }),
  response: Candidate,
  example: { stage: 'interview' },
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const candidate = await candidateFor(params.id, ifMatch, deps);
    await assertNoHireBegun(candidate, deps);
    return shownCandidate(await candidatesOf(deps).save(moveCandidate(candidate, body, deedOf(deps))), deps);
  },
});

export const reject = route({
  method: 'POST',
  path: '/v1/candidates/{id}/reject',
  via: '/v1/candidates/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Reject a candidate',
  description:
    'What is known of the candidate is deleted after the organization’s `candidateRetentionDays`, on `expiresOn`.',
  params: candidateParams,
  body: z.strictObject({ reason }),
  response: Candidate,
  example: { reason: 'Wants to work in another region' },
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const candidate = await candidateFor(params.id, ifMatch, deps);
    const { candidateRetentionDays: retentionDays = RETENTION_DAYS } = await deps.organization.get();
    await assertNoHireBegun(candidate, deps);
    const rejected = rejectCandidate(candidate, { ...body, retentionDays }, deedOf(deps));
    return shownCandidate(await candidatesOf(deps).save(rejected), deps);
  },
});

export const reopenRejected = route({
  method: 'POST',
  path: '/v1/candidates/{id}/reopen',
  via: '/v1/candidates/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Take a rejected candidate up again',
  description: 'In the stage of the rejection. Nothing is deleted then.',
  params: candidateParams,
  body: z.strictObject({ reason }),
  response: Candidate,
  example: { reason: 'A place in the region came free' },
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const candidate = await candidateFor(params.id, ifMatch, deps);
    return shownCandidate(
      await candidatesOf(deps).save(reopenCandidate(candidate, body.reason, deedOf(deps))),
      deps,
    );
  },
});

export const addNote = route({
  method: 'POST',
  path: '/v1/candidates/{id}/notes',
  via: '/v1/candidates/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Write a note about a candidate',
  params: candidateParams,
  body: z.strictObject({ text: textOf(2000) }),
  response: Candidate,
  example: { text: 'Knows the restaurants of Emilia well.' },
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const candidate = await candidateFor(params.id, ifMatch, deps);
    return shownCandidate(await candidatesOf(deps).save(noteOn(candidate, body.text, deedOf(deps))), deps);
  },
});

const criteria = z
  .array(z.strictObject({ name: Name, score: z.int().min(1).max(5) }))
  .min(1, 'must name at least one criterion')
  .max(20, 'must name at most 20 criteria')
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must name each criterion once');

export const addScorecard = route({
  method: 'POST',
  path: '/v1/candidates/{id}/scorecards',
  via: '/v1/candidates/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Score a candidate in the present stage',
  description: 'One per author and stage: a second one replaces the first.',
  params: candidateParams,
  body: z.strictObject({ criteria, recommendation: Recommendation, comment: textOf(2000).optional() }),
  response: Candidate,
  example: { criteria: [{ name: 'Listening', score: 4 }], recommendation: 'yes' },
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const candidate = await candidateFor(params.id, ifMatch, deps);
    return shownCandidate(await candidatesOf(deps).save(scoreCandidate(candidate, body, deedOf(deps))), deps);
  },
});
