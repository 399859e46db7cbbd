import * as z from 'zod';
import { administers } from '../../../shared/auth/actor.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { AlreadyExists, Forbidden } from '../../../shared/errors/errors.ts';
import { MemberAdded, type MemberState, Role } from '../../../shared/events/team.ts';
import { route } from '../../../shared/http/route.ts';
import { TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { assertHireable, hireCandidate } from '../domain/candidate.ts';
import { makeMember, type NewMember } from '../domain/member.ts';
import { Email } from '../domain/name.ts';
import { newAssignment } from '../domain/training.ts';
import { PROGRAMS } from '../store/training-entities.ts';
import {
  assertHiresFor,
  Candidate,
  candidateParams,
  candidatesOf,
  deedOf,
  candidateFor,
  hiredMemberId,
  shownCandidate,
} from './candidate.ts';
import type { TeamDeps } from './deps.ts';
import { assertLinks, rampMonths, territoryIds } from './members.ts';
import { assignmentsOf, programsOf } from './training.ts';

/** The member, made once: a hire that was cut short meets the one it had made. Throws Conflict for an e-mail taken. */
const memberOf = async (member: NewMember, { members, access }: TeamDeps): Promise<Stored<MemberState>> => {
  try {
    return await members.create(makeMember(member, await access.today()), MemberAdded);
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    return members.get(member.id);
  }
};

const assignOnboarding = async ({ id, startedOn }: MemberState, deps: TeamDeps): Promise<void> => {
  const assignments = assignmentsOf(deps);
  const { items } = await programsOf(deps).queryIndex('gsi1', PROGRAMS);
  const today = await deps.access.today();
  for (const program of items)
    if (program.onboarding && program.status === 'active')
      await assignments.assign(newAssignment(program, id, { today, startsOn: startedOn }));
};

export const hire = route({
  method: 'POST',
  path: '/v1/candidates/{id}/hire',
  via: '/v1/candidates/{id}/{step}',
  scope: 'sales/team.write',
  summary: 'Hire a candidate who has an offer',
  description:
    'Makes the member, whose ramp begins on `startedOn`, and assigns the onboarding programs. By admins, and for reps by whoever manages the team. Repeated, it answers the same.',
  params: candidateParams,
  body: z.strictObject({
    teamId: TeamId,
    role: Role.default('rep'),
    startedOn: Day,
    rampMonths: rampMonths.default(0),
    territoryIds: territoryIds.default([]),
    email: Email.optional().describe('The member’s; the candidate’s unless given.'),
  }),
  response: Candidate,
  example: {
    teamId: 'team_01JD0000000000000000000000',
    startedOn: '2027-01-04',
    rampMonths: 3,
    email: 'livia.serra@example.com',
  },
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const candidate = await candidateFor(params.id, ifMatch, deps);
    await assertHiresFor(body.teamId, deps);
    if (body.role !== 'rep' && !administers(deps.access.actor))
      throw new Forbidden('Only admins may hire managers and admins.');
    if (candidate.stage === 'hired') return shownCandidate(candidate, deps);
    assertHireable(candidate);
    await assertLinks(body, deps);
    const id = hiredMemberId(candidate.id);
    const member = await memberOf({ id, name: candidate.name, email: candidate.email, ...body }, deps);
    await assignOnboarding(member, deps);
    // Last, so that a hire that is cut short is not over: repeated, it goes on.
    const hired = await candidatesOf(deps).save(hireCandidate(candidate, member.id, deedOf(deps)));
    return shownCandidate(hired, deps);
  },
});
