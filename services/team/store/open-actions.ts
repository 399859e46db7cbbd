import { filterAsync } from '../../../shared/concurrency/filter-async.ts';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import type { ActionItem } from '../domain/action-item.ts';
import type { CoachingSession } from '../domain/coaching.ts';
import type { Meeting } from '../domain/meeting.ts';
import { coachingSessionEntity, coachingSessionsOf } from './coaching.ts';
import { meetingEntity, meetingsOf } from './meetings.ts';

/** The latest records looked at, of the team’s meetings and of each member’s sessions; older actions have been given up. */
const LATEST = 20;
const CONCURRENT_READS = 10;
/** More than a meeting ever talks about. */
const MOST_ACTIONS = 100;

/** An action that is not done, and the meeting or coaching session that it is from. */
export type OpenAction = ActionItem & { readonly from: string };

const openOf = ({ id, actions }: Meeting | CoachingSession): OpenAction[] =>
  actions.filter(({ doneOn }) => doneOn === undefined).map((action) => ({ ...action, from: id }));

/** What is still to do from a team’s earlier meetings, and from the members’ sessions, where they may be shown, by due date. */
export const openActionsBefore = async (
  meeting: Meeting,
  {
    table,
    cause,
    memberIds,
    maySee,
  }: {
    readonly table: Table;
    readonly cause: Cause;
    readonly memberIds: readonly MemberId[];
    readonly maySee: {
      readonly session: (session: CoachingSession) => Promise<boolean>;
      readonly meeting: (meeting: Meeting) => Promise<boolean>;
    };
  },
): Promise<OpenAction[]> => {
  const latest = { limit: LATEST, descending: true };
  const earlier = await new Repository(table, meetingEntity, cause).queryIndex(
    'gsi2',
    meetingsOf(meeting.teamId),
    { ...latest, skTo: meeting.startsAt },
  );
  const coaching = new Repository(table, coachingSessionEntity, cause);
  const sessions = await mapConcurrently(memberIds, CONCURRENT_READS, async (memberId) => {
    const { items } = await coaching.queryIndex('gsi2', coachingSessionsOf(memberId), latest);
    return filterAsync(items, maySee.session);
  });
  return [...(await filterAsync(earlier.items, maySee.meeting)), ...sessions.flat()]
    .flatMap(openOf)
    .toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0))
    .slice(0, MOST_ACTIONS);
};
