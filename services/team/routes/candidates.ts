import * as z from 'zod';
import { CandidateStage } from '../../../shared/events/people.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { CandidateId, TeamId } from '../../../shared/ids/id.ts';
import { newCandidate } from '../domain/candidate.ts';
import { withChanges } from '../domain/changes.ts';
import { Email, Name } from '../domain/name.ts';
import {
  assertHiresFor,
  Candidate,
  candidateParams,
  candidateSeenBy,
  candidatesOf,
  deedOf,
  candidateFor,
  ListedCandidate,
  seenCandidate,
  shownCandidate,
} from './candidate.ts';
import type { TeamDeps } from './deps.ts';
import { assertKnown } from './references.ts';

const phone = z
  .string()
  .trim()
  .regex(/^\+?[0-9][0-9 ()./-]{2,29}$/, 'must be a phone number such as +39 051 123456');
const role = Name.describe('What the candidate applies for: `Account executive`.');
const source = Name.describe('Where the candidate comes from: `referral`.');

const assertTeam = async (teamId: TeamId | null | undefined, deps: TeamDeps): Promise<void> => {
  await assertHiresFor(teamId, deps);
  await assertKnown([{ path: '/teamId', what: 'team', id: teamId, find: async (id) => deps.teams.find(id) }]);
};

export const addCandidate = route({
  method: 'POST',
  path: '/v1/candidates',
  scope: 'sales/team.write',
  summary: 'Add a candidate',
  description: 'For admins, and managers of the team. One without a team is seen by all managers.',
  body: z.strictObject({
    name: Name,
    email: Email,
    phone: phone.optional(),
    source: source.optional(),
    role,
    teamId: TeamId.optional(),
  }),
  response: Candidate,
  status: 201,
  idempotent: true,
  example: { name: 'Livia Serra', email: 'livia@example.com', role: 'Account executive', source: 'referral' },
  async handle(request, deps: TeamDeps) {
    deps.access.assertLeads('Hiring');
    await assertTeam(request.body.teamId, deps);
    const id = idOfNew(CandidateId, request, deps.clock);
    const candidate = newCandidate({ id, ...request.body }, deedOf(deps));
    return shownCandidate(await candidatesOf(deps).create(candidate, request), deps);
  },
});

export const listCandidates = route({
  method: 'GET',
  path: '/v1/candidates',
  scope: 'sales/team.read',
  summary: 'List candidates by name',
  query: pageQuery.extend({
    stage: CandidateStage.optional(),
    teamId: TeamId.optional(),
    name: z.string().optional().describe('Only those whose name begins so, whatever its case.'),
  }),
  response: page(ListedCandidate),
  async handle({ query }, deps: TeamDeps) {
    deps.access.assertLeads('Hiring');
    const { limit, cursor: _cursor, ...filters } = query;
    const binding = { list: 'candidates', ...filters };
    const isSeen = candidateSeenBy(deps.access);
    const found = await candidatesOf(deps).list({
      stage: filters.stage,
      name: filters.name,
      wanted: async (each) =>
        (filters.teamId === undefined || each.teamId === filters.teamId) && (await isSeen(each)),
      limit,
      cursor: positionOf(query, binding),
    });
    const items = await Promise.all(found.items.map(async (each) => shownCandidate(each, deps)));
    return pageOf(items, found.lastKey, binding);
  },
});

export const getCandidate = route({
  method: 'GET',
  path: '/v1/candidates/{id}',
  scope: 'sales/team.read',
  summary: 'Get a candidate',
  params: candidateParams,
  response: Candidate,
  handle: async ({ params }, deps: TeamDeps) => shownCandidate(await seenCandidate(params.id, deps), deps),
});

export const changeCandidate = route({
  method: 'PATCH',
  path: '/v1/candidates/{id}',
  scope: 'sales/team.write',
  summary: 'Change a candidate’s details',
  description: 'Null empties a field. The stage has routes of its own.',
  params: candidateParams,
  body: z.strictObject({
    name: Name.optional(),
    email: Email.optional(),
    phone: phone.nullable().optional(),
    source: source.nullable().optional(),
    role: role.optional(),
    teamId: TeamId.nullable().optional(),
  }),
  example: { source: 'referral' },
  response: Candidate,
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const candidate = await candidateFor(params.id, ifMatch, deps);
    await assertTeam(body.teamId, deps);
    return shownCandidate(await candidatesOf(deps).save(withChanges(candidate, body)), deps);
  },
});
