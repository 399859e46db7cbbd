import * as z from 'zod';
import { teamOnDay } from '../../../shared/directory/rules.ts';
import { MemberState } from '../../../shared/events/team.ts';
import { MemberId, TeamId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';

/** A member as the routes answer it; days away are for fewer eyes, and have a route of their own. */
export const Member = MemberState.omit({ absences: true })
  .extend({
    teamId: TeamId.optional().describe('The team of today.'),
    version: z.int(),
  })
  .meta({ id: 'Member' });

export const memberParams = z.object({ id: MemberId });

export const shown = <M extends MemberState>(member: M, today: Day): M & { teamId?: TeamId } => {
  const teamId = teamOnDay(member.memberships, today);
  return { ...member, ...(teamId === undefined ? {} : { teamId }) };
};
