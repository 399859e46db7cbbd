import * as z from 'zod';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { visiblePage } from '../../../shared/dynamodb/visible-page.ts';
import { teamOnDay } from '../../../shared/directory/rules.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import { MeetingChanged } from '../../../shared/events/meetings.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { ActionId, MeetingId, newId, RequestId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { periodOf } from '../../../shared/time/period.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { ActionInputs, withActions } from '../domain/action-item.ts';
import { withChanges } from '../domain/changes.ts';
import type { Meeting } from '../domain/meeting.ts';
import { allMeetings, askAgenda, meetingEntity, meetingsOf } from '../store/meetings.ts';
import { openActionsBefore } from '../store/open-actions.ts';
import { assertOwners, exampleActions } from './actions.ts';
import { seesSession } from './coaching-session.ts';
import type { TeamDeps } from './deps.ts';
import {
  assertAttendees,
  assertKeepsMeetings,
  meetingFields,
  meetingParams,
  MeetingView,
  PreparedMeeting,
  seesMeeting,
  shownMeeting,
  visibleMeeting,
} from './meeting.ts';
import { assertKnown } from './references.ts';

const setMeeting = route({
  method: 'POST',
  path: '/v1/meetings',
  scope: 'sales/team.write',
  summary: 'Set a meeting of a team',
  description:
    'By whoever manages the team. The team’s numbers, its goals at risk and its rotting deals are filled in by themselves.',
  body: z.strictObject({
    teamId: TeamId,
    title: meetingFields.title,
    startsAt: meetingFields.startsAt,
    attendeeIds: meetingFields.attendeeIds.default([]),
    agenda: meetingFields.agenda.default([]),
    notes: meetingFields.notes.optional(),
    decisions: meetingFields.decisions.default([]),
    actions: ActionInputs.default([]),
  }),
  example: {
    teamId: 'team_01JD0000000000000000000000',
    title: 'Monday round',
    startsAt: '2026-11-30T08:00:00Z',
    agenda: [{ title: 'Christmas orders', text: 'Who calls which kitchen?' }],
    actions: exampleActions,
  },
  response: MeetingView,
  status: 201,
  idempotent: true,
  async handle(request, deps: TeamDeps) {
    const { table, cause, clock, access, members, teams, organization } = deps;
    const { actions, ...body } = request.body;
    if (!(await access.seesTeam(body.teamId))) throw new NotFound(`team ${body.teamId}`);
    await assertKeepsMeetings(body.teamId, access);
    await assertKnown([
      { path: '/teamId', what: 'team', id: body.teamId, find: async (id) => teams.find(id) },
    ]);
    await assertAttendees(body.attendeeIds, deps);
    await assertOwners(actions, members);
    const now = clock.now();
    const meeting: Meeting = {
      ...body,
      id: idOfNew(MeetingId, request, clock),
      actions: withActions([], actions, {
        newId: () => newId(ActionId, Date.parse(now)),
        field: '/actions',
      }),
      prepared: {},
      request: newId(RequestId, Date.parse(now)),
      createdAt: now,
    };
    const month = periodOf(await access.today(), 'month', await organization.get());
    const meetings = new Repository(table, meetingEntity, cause);
    return createOnce(meetings, meeting, request, [MeetingChanged, ...askAgenda(meeting, month)]);
  },
});

const listMeetings = route({
  method: 'GET',
  path: '/v1/meetings',
  scope: 'sales/team.read',
  summary: 'List meetings, the latest first',
  description:
    'Those the caller may see; days are the organization’s. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    teamId: TeamId.optional(),
    from: Day.optional().describe('On this day or later.'),
    to: Day.optional().describe('On this day or earlier.'),
  }),
  response: page(MeetingView),
  async handle({ query }, { table, cause, access, organization }: TeamDeps) {
    const { teamId, from, to } = query;
    const { timeZone } = await organization.get();
    const binding = { list: 'meetings', teamId, from, to };
    const { items, lastKey } = await visiblePage(new Repository(table, meetingEntity, cause), {
      ...(teamId === undefined
        ? { index: 'gsi1', pk: allMeetings }
        : { index: 'gsi2', pk: meetingsOf(teamId) }),
      limit: query.limit,
      cursor: positionOf(query, binding),
      isWanted: async (meeting) => {
        const day = dayOf(meeting.startsAt, timeZone);
        const isWithin = (from === undefined || from <= day) && (to === undefined || day <= to);
        return isWithin && seesMeeting(meeting, access);
      },
    });
    const shown = await Promise.all(items.map(async (meeting) => shownMeeting(meeting, access)));
    return pageOf(shown, lastKey, binding);
  },
});

const getMeeting = route({
  method: 'GET',
  path: '/v1/meetings/{id}',
  scope: 'sales/team.read',
  summary: 'Get a meeting with what was prepared for it',
  description:
    'Numbers, goals, deals and open actions are those that the caller may see: who is invited from another team is shown none of the others’.',
  params: meetingParams,
  response: PreparedMeeting,
  async handle({ params }, deps: TeamDeps) {
    const { table, cause, clock, access, members } = deps;
    const { meeting } = await visibleMeeting(params.id, deps);
    const today = await access.today();
    const ofTeam = (await members.all()).filter(
      ({ memberships, status }) => status === 'active' && teamOnDay(memberships, today) === meeting.teamId,
    );
    const items = await openActionsBefore(meeting, {
      table,
      cause,
      memberIds: ofTeam.map(({ id }) => id),
      maySee: {
        session: async (session) => seesSession(session, access),
        meeting: async (earlier) => seesMeeting(earlier, access),
      },
    });
    const { prepared, ...shown } = await shownMeeting(meeting, access);
    return { ...shown, prepared: { ...prepared, openActions: { asOf: clock.now(), items } } };
  },
});

const changeMeeting = route({
  method: 'PATCH',
  path: '/v1/meetings/{id}',
  scope: 'sales/team.write',
  summary: 'Change a meeting, or record what came of it',
  description: 'Null empties a field; lists replace those that are there.',
  params: meetingParams,
  body: z.strictObject({
    title: meetingFields.title.optional(),
    startsAt: meetingFields.startsAt.optional(),
    attendeeIds: meetingFields.attendeeIds.optional(),
    agenda: meetingFields.agenda.optional(),
    notes: meetingFields.notes.nullable().optional(),
    decisions: meetingFields.decisions.optional(),
    actions: ActionInputs.optional(),
  }),
  example: { decisions: ['Hotels get the new price list first.'] },
  response: MeetingView,
  async handle({ params, body, ifMatch }, deps: TeamDeps) {
    const { access, clock, members } = deps;
    const { meetings, meeting } = await visibleMeeting(params.id, deps);
    await assertKeepsMeetings(meeting.teamId, access);
    assertVersion(meeting, ifMatch, `meeting ${meeting.id}`);
    const { actions, ...changes } = body;
    await assertAttendees(changes.attendeeIds ?? [], deps);
    await assertOwners(actions ?? [], members);
    const changed = withChanges(meeting, changes);
    if (actions === undefined) return meetings.save(changed, MeetingChanged);
    const own = { newId: () => newId(ActionId, Date.parse(clock.now())), field: '/actions' };
    return meetings.save({ ...changed, actions: withActions(meeting.actions, actions, own) }, MeetingChanged);
  },
});

export const meetingRoutes = [setMeeting, listMeetings, getMeeting, changeMeeting] as const;
