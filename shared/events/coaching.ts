import * as z from 'zod';
import { CoachingSessionId, MemberId } from '../ids/id.ts';
import { KpiId } from '../kpis/kpi.ts';
import { Day } from '../time/instant.ts';
import { event } from './contract.ts';

/** Notes and actions stay with the team: they are between the member and those who lead. */
export const CoachingLogged = event({
  service: 'team',
  name: 'CoachingLogged',
  major: 1,
  description: 'A coaching session was held, or what is recorded of it changed.',
  data: z.object({
    id: CoachingSessionId,
    memberId: MemberId,
    coachId: MemberId,
    heldOn: Day,
    focusKpi: KpiId,
  }),
});
