import * as z from 'zod';
import { maySeeNumbers } from '../../../shared/auth/visibility.ts';
import { filterAsync } from '../../../shared/concurrency/filter-async.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import { MeetingId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { Access } from '../access.ts';
import { ActionItem } from '../domain/action-item.ts';
import { Meeting, Prepared } from '../domain/meeting.ts';
import { Name } from '../domain/name.ts';
import { Text } from '../domain/text.ts';
import { meetingEntity } from '../store/meetings.ts';
import type { TeamDeps } from './deps.ts';
import { assertKnown } from './references.ts';

/** A meeting as the routes answer it. */
export const MeetingView = Meeting.omit({ request: true })
  .extend({ version: z.int() })
  .meta({ id: 'Meeting' });

/** With what is still to do from before, as far as the caller may see it. */
export const PreparedMeeting = MeetingView.extend({
  prepared: Prepared.extend({
    openActions: z.object({ asOf: Instant, items: z.array(ActionItem.extend({ from: z.string() })) }),
  }),
}).meta({ id: 'PreparedMeeting' });

export const meetingParams = z.object({ id: MeetingId });

/** What people write of a meeting. */
export const meetingFields = {
  title: Name,
  startsAt: Instant,
  attendeeIds: z
    .array(MemberId)
    .max(200, 'must be 200 at most')
    .refine((ids) => new Set(ids).size === ids.length, 'must name each member once'),
  agenda: z.array(z.strictObject({ title: Name, text: Text.optional() })).max(50, 'must be 50 at most'),
  notes: Text,
  decisions: z.array(Text).max(50, 'must be 50 at most'),
};

const attends = ({ attendeeIds }: Meeting, { actor }: Access): boolean =>
  actor.kind === 'member' && attendeeIds.includes(actor.id);

/** Who attends, the team, whoever manages it, and admins. */
export const seesMeeting = async (meeting: Meeting, access: Access): Promise<boolean> =>
  attends(meeting, access) || access.seesTeam(meeting.teamId);

/** A goal’s scope names a rep or a team, or what no part of the organization owns. */
const seesScope = async (scope: string, access: Access): Promise<boolean> => {
  const [kind, id] = scope.split(':');
  if (kind === 'team') return access.seesTeam(TeamId.parse(id));
  if (kind !== 'rep') return (await access.viewer()).sees === 'everything';
  const memberId = MemberId.parse(id);
  const { teamId } = await access.ownershipOf(memberId);
  return maySeeNumbers(await access.viewer(), { kind: 'rep', memberId, teamId });
};

/** Of what was prepared, what the caller may see elsewhere, too: a meeting opens no deals, goals or numbers to anyone. */
export const shownMeeting = async <M extends Meeting>(meeting: M, access: Access): Promise<M> => {
  const { numbers, goalsAtRisk, rottingDeals } = meeting.prepared;
  const prepared: Prepared = {};
  if (numbers !== undefined && (await access.seesTeam(meeting.teamId))) prepared.numbers = numbers;
  if (goalsAtRisk !== undefined) {
    const items = await filterAsync(goalsAtRisk.items, async ({ scope }) => seesScope(scope, access));
    prepared.goalsAtRisk = { ...goalsAtRisk, items };
  }
  if (rottingDeals !== undefined) {
    const items = await filterAsync(rottingDeals.items, async ({ ownerId }) => access.maySee(ownerId));
    prepared.rottingDeals = { ...rottingDeals, items };
  }
  return { ...meeting, prepared };
};

/** Throws NotFound for a meeting that is not there, and alike for one that may not be seen. */
export const visibleMeeting = async (
  id: MeetingId,
  { table, cause, access }: Pick<TeamDeps, 'table' | 'cause' | 'access'>,
): Promise<{ readonly meetings: Repository<Meeting>; readonly meeting: Stored<Meeting> }> => {
  const meetings = new Repository(table, meetingEntity, cause);
  const meeting = await meetings.find(id);
  if (meeting === undefined || !(await seesMeeting(meeting, access))) throw new NotFound(`meeting ${id}`);
  return { meetings, meeting };
};

/** Throws Forbidden. */
export const assertKeepsMeetings = async (teamId: Meeting['teamId'], access: Access): Promise<void> => {
  if (!(await access.managesTeam(teamId)))
    throw new Forbidden('Only whoever manages the team, and admins, may keep its meetings.');
};

/** Throws Unprocessable for attendees that there are not. */
export const assertAttendees = async (
  ids: readonly MemberId[],
  { members }: Pick<TeamDeps, 'members'>,
): Promise<void> =>
  assertKnown(
    ids.map((id, index) => ({
      path: `/attendeeIds/${String(index)}`,
      what: 'member',
      id,
      find: async (each) => members.find(each),
    })),
  );
