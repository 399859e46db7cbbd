import * as z from 'zod';
import { administers } from '../../../shared/auth/actor.ts';
import { visiblePage } from '../../../shared/dynamodb/visible-page.ts';
import { BadRequest, Forbidden } from '../../../shared/errors/errors.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf, queryBoolean } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { ActionId, CoachingSessionId, MemberId, newId } from '../../../shared/ids/id.ts';
import { KpiId } from '../../../shared/kpis/kpi.ts';
import { Day } from '../../../shared/time/instant.ts';
import type { Access } from '../access.ts';
import { ActionInputs, actionOf, withActions, withDone } from '../domain/action-item.ts';
import { withChanges } from '../domain/changes.ts';
import { assertHeld, type CoachingSession, refocused } from '../domain/coaching.ts';
import { Text } from '../domain/text.ts';
import { allCoachingSessions, CoachingSessions, coachingSessionsOf } from '../store/coaching.ts';
import { actionParams, assertMayTick, assertOwners, exampleActions } from './actions.ts';
import {
  assertKeeps,
  CoachingSessionView,
  keepsSession,
  seesSession,
  sessionParams,
  visibleSession,
} from './coaching-session.ts';
import type { TeamDeps } from './deps.ts';
import { assertKnown } from './references.ts';

/** The caller, unless someone who administers names another. */
const coachOf = (given: MemberId | undefined, { actor }: Access): MemberId => {
  const own = actor.kind === 'member' ? actor.id : undefined;
  if (given !== undefined && given !== own && !administers(actor))
    throw new Forbidden('Only admins may name someone else as the coach.');
  const coach = given ?? own;
  if (coach === undefined)
    throw new BadRequest('A system has to say who held the session.', [
      { path: '/coachId', message: 'must be given' },
    ]);
  return coach;
};

const assertMember = async (path: string, id: MemberId | undefined, { members }: TeamDeps): Promise<void> =>
  assertKnown([{ path, what: 'member', id, find: async (each) => members.find(each) }]);

const logCoaching = route({
  method: 'POST',
  path: '/v1/coaching-sessions',
  scope: 'sales/team.write',
  summary: 'Record a coaching session',
  description:
    'By whoever manages the member. The focus KPI of the 30 days before, and of the 30 from that day on, is filled in by itself.',
  body: z.strictObject({
    memberId: MemberId,
    coachId: MemberId.optional().describe('The caller unless an admin names another.'),
    heldOn: Day,
    focusKpi: KpiId,
    notes: Text.optional(),
    actions: ActionInputs.default([]),
  }),
  example: {
    memberId: 'mem_01JD0000000000000000000000',
    heldOn: '2026-11-20',
    focusKpi: 'winRate',
    notes: 'Offers go out before it is known who decides.',
    actions: exampleActions,
  },
  response: CoachingSessionView,
  status: 201,
  idempotent: true,
  async handle(request, deps: TeamDeps) {
    const { table, cause, clock, access, members } = deps;
    const { actions, ...body } = request.body;
    await access.assertManages(body.memberId, `member ${body.memberId}`);
    const coachId = coachOf(body.coachId, access);
    await assertMember('/memberId', body.memberId, deps);
    await assertMember('/coachId', body.coachId, deps);
    await assertOwners(actions, members);
    const now = clock.now();
    const today = await access.today();
    assertHeld({ ...body, coachId }, today);
    const session: CoachingSession = {
      ...body,
      id: idOfNew(CoachingSessionId, request, clock),
      coachId,
      actions: withActions([], actions, {
        newId: () => newId(ActionId, Date.parse(now)),
        field: '/actions',
      }),
      effect: {},
      requests: {},
      createdAt: now,
    };
    return createOnce(new CoachingSessions(table, cause), session, request, today);
  },
});

const listCoaching = route({
  method: 'GET',
  path: '/v1/coaching-sessions',
  scope: 'sales/team.read',
  summary: 'List coaching sessions, the latest first',
  description:
    'Those the caller may see. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    memberId: MemberId.optional(),
    coachId: MemberId.optional(),
    mine: queryBoolean.optional().describe('Those in which the caller is the member or the coach.'),
  }),
  response: page(CoachingSessionView),
  async handle({ query }, { table, cause, access }: TeamDeps) {
    const { memberId, coachId, mine } = query;
    const self = access.actor.kind === 'member' ? access.actor.id : undefined;
    const binding = { list: 'coaching-sessions', memberId, coachId, mine };
    const { items, lastKey } = await visiblePage(new CoachingSessions(table, cause).repository, {
      ...(memberId === undefined
        ? { index: 'gsi1', pk: allCoachingSessions }
        : { index: 'gsi2', pk: coachingSessionsOf(memberId) }),
      limit: query.limit,
      cursor: positionOf(query, binding),
      isWanted: async (session) =>
        (coachId === undefined || session.coachId === coachId) &&
        (mine !== true || session.memberId === self || session.coachId === self) &&
        seesSession(session, access),
    });
    return pageOf(items, lastKey, binding);
  },
});

const getCoaching = route({
  method: 'GET',
  path: '/v1/coaching-sessions/{id}',
  scope: 'sales/team.read',
  summary: 'Get a coaching session',
  params: sessionParams,
  response: CoachingSessionView,
  handle: async ({ params }, deps: TeamDeps) => (await visibleSession(params.id, deps)).session,
});

const changeCoaching = route({
  method: 'PATCH',
  path: '/v1/coaching-sessions/{id}',
  scope: 'sales/team.write',
  summary: 'Change what is recorded of a coaching session',
  description:
    'Null empties a field; actions replace those that are there. With another day or focus KPI its effect is measured anew.',
  params: sessionParams,
  body: z.strictObject({
    coachId: MemberId.optional().describe('By admins.'),
    heldOn: Day.optional(),
    focusKpi: KpiId.optional(),
    notes: Text.nullable().optional(),
    actions: ActionInputs.optional(),
  }),
  example: { notes: 'The offers wait now until it is known who decides.' },
  response: CoachingSessionView,
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const { access, clock, members } = deps;
    const { sessions, session } = await visibleSession(params.id, deps);
    await assertKeeps(session, access);
    assertVersion(session, ifMatch, `coaching session ${session.id}`);
    const { actions, ...changes } = body;
    if (changes.coachId !== undefined && changes.coachId !== session.coachId)
      coachOf(changes.coachId, access);
    await assertMember('/coachId', changes.coachId, deps);
    await assertOwners(actions ?? [], members);
    const today = await access.today();
    const changed = {
      ...withChanges(session, changes),
      actions:
        actions === undefined
          ? session.actions
          : withActions(session.actions, actions, {
              newId: () => newId(ActionId, Date.parse(clock.now())),
              field: '/actions',
            }),
    };
    assertHeld(changed, today);
    return sessions.save(refocused(session, changed), today);
  },
});

const finishCoachingAction = route({
  method: 'POST',
  path: '/v1/coaching-sessions/{id}/actions/{actionId}/done',
  scope: 'sales/team.write',
  summary: 'Mark an action of a coaching session as done',
  description: 'By its owner, or whoever keeps the session.',
  params: sessionParams.extend(actionParams),
  response: CoachingSessionView,
  async handle({ params, ifMatch }, deps: TeamDeps) {
    const { access } = deps;
    const { sessions, session } = await visibleSession(params.id, deps);
    const action = actionOf(session.actions, params.actionId);
    assertMayTick(action, access, await keepsSession(session, access));
    assertVersion(session, ifMatch, `coaching session ${session.id}`);
    const today = await access.today();
    return sessions.save({ ...session, actions: withDone(session.actions, action.id, today) }, today);
  },
});

export const coachingRoutes = [
  logCoaching,
  listCoaching,
  getCoaching,
  changeCoaching,
  finishCoachingAction,
] as const;
