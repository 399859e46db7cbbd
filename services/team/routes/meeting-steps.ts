import { MeetingChanged } from '../../../shared/events/meetings.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { route } from '../../../shared/http/route.ts';
import { newId, RequestId } from '../../../shared/ids/id.ts';
import { periodOf } from '../../../shared/time/period.ts';
import { actionOf, withDone } from '../domain/action-item.ts';
import { askAgenda } from '../store/meetings.ts';
import { actionParams, assertMayTick } from './actions.ts';
import type { TeamDeps } from './deps.ts';
import { assertKeepsMeetings, meetingParams, MeetingView, visibleMeeting } from './meeting.ts';

const prepare = route({
  method: 'POST',
  path: '/v1/meetings/{id}/prepare',
  scope: 'sales/team.write',
  summary: 'Have a meeting prepared anew',
  description: 'Each part is absent until its new answer has come.',
  params: meetingParams,
  response: MeetingView,
  status: 202,
  async handle({ params, ifMatch }, deps: TeamDeps) {
    const { access, clock, organization } = deps;
    const { meetings, meeting } = await visibleMeeting(params.id, deps);
    await assertKeepsMeetings(meeting.teamId, access);
    assertVersion(meeting, ifMatch, `meeting ${meeting.id}`);
    const asking = { ...meeting, prepared: {}, request: newId(RequestId, Date.parse(clock.now())) };
    const month = periodOf(await access.today(), 'month', await organization.get());
    return meetings.save(asking, [MeetingChanged, ...askAgenda(asking, month)]);
  },
});

const finishMeetingAction = route({
  method: 'POST',
  path: '/v1/meetings/{id}/actions/{actionId}/done',
  scope: 'sales/team.write',
  summary: 'Mark an action of a meeting as done',
  description: 'By its owner, or whoever keeps the meeting.',
  params: meetingParams.extend(actionParams),
  response: MeetingView,
  async handle({ params, ifMatch }, deps: TeamDeps) {
    const { access } = deps;
    const { meetings, meeting } = await visibleMeeting(params.id, deps);
    const action = actionOf(meeting.actions, params.actionId);
    assertMayTick(action, access, await access.managesTeam(meeting.teamId));
    assertVersion(meeting, ifMatch, `meeting ${meeting.id}`);
    const actions = withDone(meeting.actions, action.id, await access.today());
    return meetings.save({ ...meeting, actions }, MeetingChanged);
  },
});

export const meetingStepRoutes = [prepare, finishMeetingAction] as const;
