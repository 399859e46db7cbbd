import * as z from 'zod';
import { actorText } from '../../../shared/auth/actor.ts';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { teamOnDay } from '../../../shared/directory/rules.ts';
import { Forbidden, InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { page, pageOf, pageQuery, positionOf, queryBoolean } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TeamId, TrainingAssignmentId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { newAssignment, tryModule } from '../domain/training.ts';
import { PROGRAMS } from '../store/training-entities.ts';
import type { TeamDeps } from './deps.ts';
import { programParams } from './training-programs.ts';
import { assignmentsOf, programsOf, recordsSeenBy, shownAssignment, TrainingAssignment } from './training.ts';

/** Writes under way at once. */
const CONCURRENCY = 8;
const MOST_MEMBERS = 100;

const tooMany = (path: string) =>
  new Unprocessable(`A program is assigned to at most ${String(MOST_MEMBERS)} members at a time.`, [
    { path, message: `must be ${String(MOST_MEMBERS)} members at most; name them by memberIds` },
  ]);

/** The members of the team today. Throws Forbidden for a team that the caller does not manage. */
const membersOfTeam = async (teamId: TeamId, { access, members, teams }: TeamDeps): Promise<MemberId[]> => {
  if (!(await access.managesTeam(teamId)))
    throw new Forbidden(`Only whoever manages team ${teamId}, and admins, may assign training to it.`);
  if ((await teams.find(teamId)) === undefined)
    throw new Unprocessable('Training can’t be assigned.', [
      { path: '/teamId', message: `there is no team ${teamId}` },
    ]);
  const [all, today] = await Promise.all([members.all(), access.today()]);
  const own = all.filter(
    ({ id, status, memberships }) =>
      status === 'active' &&
      teamOnDay(memberships, today) === teamId &&
      (access.actor.kind !== 'member' || access.actor.role === 'admin' || id !== access.actor.id),
  );
  if (own.length > MOST_MEMBERS) throw tooMany('/teamId');
  return own.map(({ id }) => id);
};

/** Throws NotFound for members whom the caller may not see, Unprocessable for those who are gone. */
const givenMembers = async (ids: readonly MemberId[], { access, members }: TeamDeps): Promise<MemberId[]> => {
  await mapConcurrently(ids, CONCURRENCY, async (id) => access.assertManages(id, `member ${id}`));
  const errors = await mapConcurrently(ids, CONCURRENCY, async (id, index) => {
    const member = await members.find(id);
    if (member?.status === 'active') return [];
    const path = `/memberIds/${String(index)}`;
    return [{ path, message: member === undefined ? `there is no member ${id}` : `${id} has departed` }];
  });
  if (errors.flat().length > 0) throw new Unprocessable('Training can’t be assigned.', errors.flat());
  return [...ids];
};

export const assignProgram = route({
  method: 'POST',
  path: '/v1/training-programs/{id}/assignments',
  scope: 'sales/team.write',
  summary: 'Assign a training program to members, or to all of a team',
  description:
    'For whoever manages them, and admins. Each gets it once a round: repeated, it answers what is there. A refresher is another round.',
  params: programParams,
  body: z
    .strictObject({
      memberIds: z
        .array(MemberId)
        .min(1, 'must name at least one member')
        .max(MOST_MEMBERS, `must name at most ${String(MOST_MEMBERS)} members`)
        .refine((ids) => new Set(ids).size === ids.length, 'must name each member once')
        .optional(),
      teamId: TeamId.optional(),
      dueOn: Day.optional().describe('After the program’s `dueDays` unless given.'),
      round: z.int().min(1).max(100).default(1),
    })
    .refine(
      ({ memberIds, teamId }) => (memberIds === undefined) !== (teamId === undefined),
      'must name either memberIds or a teamId',
    ),
  response: z.object({ items: z.array(TrainingAssignment) }),
  example: { memberIds: ['mem_01JD0000000000000000000000'], dueOn: '2026-12-18' },
  async handle({ params, body }, deps: TeamDeps) {
    deps.access.assertLeads('Assigning training');
    const program = await programsOf(deps).get(params.id);
    const { memberIds = [], teamId, dueOn, round } = body;
    const ids = await (teamId === undefined ? givenMembers(memberIds, deps) : membersOfTeam(teamId, deps));
    const today = await deps.access.today();
    if (program.status === 'retired')
      throw new InvalidTransition(`${program.id} is retired and can’t be assigned.`);
    const assignments = assignmentsOf(deps);
    const items = await mapConcurrently(ids, CONCURRENCY, async (memberId) =>
      shownAssignment(
        await assignments.assign(newAssignment(program, memberId, { today, dueOn, round })),
        today,
      ),
    );
    return { items };
  },
});

const AssignmentStatus = z.enum(['open', 'completed']);

export const listOfProgram = route({
  method: 'GET',
  path: '/v1/training-programs/{id}/assignments',
  via: '/v1/training-programs/{id}/{view}',
  scope: 'sales/team.read',
  summary: 'List who has a training program',
  description:
    'Open ones by the day they are due, then completed ones. Of the own, and of members one manages.',
  params: programParams,
  query: pageQuery.extend({ status: AssignmentStatus.optional() }),
  response: page(TrainingAssignment),
  async handle({ params: { id }, query }, deps: TeamDeps) {
    await programsOf(deps).get(id);
    const { limit, status } = query;
    const binding = { list: 'program-assignments', id, status };
    const today = await deps.access.today();
    const { items, lastKey } = await assignmentsOf(deps).ofPrograms([id], {
      filter: status ?? 'all',
      isWanted: recordsSeenBy(deps.access),
      limit,
      cursor: positionOf(query, binding),
    });
    return pageOf(
      items.map((each) => shownAssignment(each, today)),
      lastKey,
      binding,
    );
  },
});

export const listAssignments = route({
  method: 'GET',
  path: '/v1/training-assignments',
  scope: 'sales/team.read',
  summary: 'List training assignments, such as those that are overdue',
  description:
    'Of one member; or of all whom the caller sees, program by program. Open ones by the day they are due, then completed ones.',
  query: pageQuery.extend({
    memberId: MemberId.optional(),
    overdue: queryBoolean.optional().describe('Only those due before today, and not completed.'),
  }),
  response: page(TrainingAssignment),
  async handle({ query }, deps: TeamDeps) {
    const { access } = deps;
    const { limit, memberId, overdue = false } = query;
    const binding = { list: 'training-assignments', memberId, overdue };
    const today = await access.today();
    const list = {
      filter: overdue ? { dueBefore: today } : ('all' as const),
      isWanted: recordsSeenBy(access),
      limit,
      cursor: positionOf(query, binding),
    };
    const { actor } = access;
    const whose = memberId ?? (actor.kind === 'member' && actor.role === 'rep' ? actor.id : undefined);
    if (memberId !== undefined) await access.assertSees(memberId, `member ${memberId}`);
    const assignments = assignmentsOf(deps);
    const { items, lastKey } = await (whose === undefined
      ? assignments.ofPrograms(await programIds(deps), list)
      : assignments.ofMember(whose, list));
    return pageOf(
      items.map((each) => shownAssignment(each, today)),
      lastKey,
      binding,
    );
  },
});

/** In an order that stays when programs are renamed between two pages. */
const programIds = async (deps: TeamDeps) =>
  (await programsOf(deps).queryIndex('gsi1', PROGRAMS)).items.map(({ id }) => id).toSorted();

export const completeModule = route({
  method: 'POST',
  path: '/v1/training-assignments/{id}/modules/{key}/complete',
  scope: 'sales/team.write',
  summary: 'Record an attempt at a module',
  description:
    'By the member, or who manages the member. Below the module’s `passScore` the attempt is kept and the module stays open. The last module passed completes the assignment.',
  params: z.object({ id: TrainingAssignmentId, key: z.string() }),
  body: z.strictObject({ score: z.int().min(0).max(100).optional() }),
  response: TrainingAssignment,
  example: { score: 85 },
  async handle({ params: { id, key }, body, ifMatch }, deps: TeamDeps) {
    const { access, clock } = deps;
    const assignments = assignmentsOf(deps);
    const assignment = await assignments.repository.get(id);
    await access.assertSees(assignment.memberId, `training-assignment ${id}`);
    assertVersion(assignment, ifMatch, `training-assignment ${id}`);
    const today = await access.today();
    const attempt = { ...body, at: clock.now(), by: actorText(access.actor), today };
    return shownAssignment(await assignments.saveAttempt(tryModule(assignment, key, attempt)), today);
  },
});
