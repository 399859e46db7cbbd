import * as z from 'zod';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Conflict, Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import { actorText } from '../../../shared/auth/actor.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { CandidateId, derivedId, MemberId, type TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { Access } from '../access.ts';
import { assertNotErased, CandidateState, type Deed } from '../domain/candidate.ts';
import { Candidates } from '../store/candidates.ts';
import type { TeamDeps } from './deps.ts';

/** A candidate as the routes answer it. */
export const Candidate = CandidateState.omit({ expiresAt: true })
  .extend({
    expiresOn: Day.optional().describe('When what is known of a rejected candidate is deleted.'),
    version: z.int(),
  })
  .meta({ id: 'Candidate' });

/** As lists answer it: without what was written about the candidate, which may be long. */
export const ListedCandidate = Candidate.omit({ stageHistory: true, notes: true, scorecards: true }).meta({
  id: 'ListedCandidate',
});

export const candidateParams = z.object({ id: CandidateId });

export const candidatesOf = ({ table, cause }: TeamDeps): Candidates => new Candidates(table, cause);

export const deedOf = ({ access, clock }: TeamDeps): Deed => ({
  at: clock.now(),
  by: actorText(access.actor),
});

export const shownCandidate = async <C extends CandidateState>(
  { expiresAt, ...candidate }: C,
  { organization }: TeamDeps,
): Promise<Omit<C, 'expiresAt'> & { readonly expiresOn?: Day }> => {
  if (expiresAt === undefined) return candidate;
  return { ...candidate, expiresOn: dayOf(expiresAt, (await organization.get()).timeZone) };
};

/** Managers see those for the teams that they manage, and those whom no team has yet; admins all. */
export const candidateSeenBy =
  (access: Access) =>
  async ({ teamId }: Pick<CandidateState, 'teamId'>): Promise<boolean> =>
    teamId === undefined || access.managesTeam(teamId);

/** The candidate, for one of those who hire. Throws Forbidden for reps, NotFound for a candidate of another’s team. */
export const seenCandidate = async (id: CandidateId, deps: TeamDeps): Promise<Stored<CandidateState>> => {
  deps.access.assertLeads('Hiring');
  const candidate = await candidatesOf(deps).get(id);
  if (!(await candidateSeenBy(deps.access)(candidate))) throw new NotFound(`candidate ${id}`);
  return candidate;
};

/**
 * The candidate, for writing. Throws as `seenCandidate` does, and PreconditionFailed if it is not at version `ifMatch`,
 * InvalidTransition if it has been erased.
 */
export const candidateFor = async (
  id: CandidateId,
  ifMatch: number | undefined,
  deps: TeamDeps,
): Promise<Stored<CandidateState>> => {
  const candidate = await seenCandidate(id, deps);
  assertVersion(candidate, ifMatch, `candidate ${id}`);
  assertNotErased(candidate);
  return candidate;
};

/** The member that a candidate becomes. */
export const hiredMemberId = (id: CandidateId): MemberId => derivedId(MemberId, 'candidate', id);

/** Throws Conflict for one whose hire was cut short: the member is there already, and would be left without a record. */
export const assertNoHireBegun = async ({ id }: CandidateState, { members }: TeamDeps): Promise<void> => {
  const member = await members.find(hiredMemberId(id));
  if (member !== undefined)
    throw new Conflict(
      `The hire of ${id} was begun, and made ${member.id}; repeat it, or record a departure.`,
    );
};

/** Throws Forbidden for a team that the caller does not manage. */
export const assertHiresFor = async (teamId: TeamId | null | undefined, { access }: TeamDeps) => {
  if (teamId === null || teamId === undefined || (await access.managesTeam(teamId))) return;
  throw new Forbidden(`Only whoever manages team ${teamId}, and admins, may hire for it.`);
};
