import * as z from 'zod';
import { MeetingId, MemberId, TeamId } from '../ids/id.ts';
import { Instant } from '../time/instant.ts';
import { event } from './contract.ts';

/** What was said and decided stays with the team. */
export const MeetingChanged = event({
  service: 'team',
  name: 'MeetingChanged',
  major: 1,
  description: 'A team’s meeting was set, or what is recorded of it changed.',
  data: z.object({ id: MeetingId, teamId: TeamId, startsAt: Instant, attendeeIds: z.array(MemberId) }),
});
