import * as z from 'zod';
import { GoalAtRisk, MeasuredKpi, RottingDeal } from '../../../shared/events/briefings.ts';
import { MeetingId, MemberId, RequestId, TeamId } from '../../../shared/ids/id.ts';
import type { KpiId } from '../../../shared/kpis/kpi.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { ActionItem } from './action-item.ts';

export const AgendaItem = z.object({ title: z.string(), text: z.string().optional() });

const AsOf = { asOf: Instant };

/** What other services answered to the request asked last; each part is absent until its answer has come. */
export const Prepared = z.object({
  numbers: z.object({ ...AsOf, kpis: z.record(z.string(), MeasuredKpi) }).optional(),
  goalsAtRisk: z.object({ ...AsOf, items: z.array(GoalAtRisk) }).optional(),
  rottingDeals: z.object({ ...AsOf, items: z.array(RottingDeal) }).optional(),
});
export type Prepared = z.infer<typeof Prepared>;

export const Meeting = z.object({
  id: MeetingId,
  teamId: TeamId,
  title: z.string(),
  startsAt: Instant,
  attendeeIds: z.array(MemberId),
  agenda: z.array(AgendaItem),
  notes: z.string().optional(),
  decisions: z.array(z.string()),
  actions: z.array(ActionItem),
  prepared: Prepared,
  /** What the others were asked last; the answer to any other request is out of date. */
  request: RequestId,
  createdAt: Instant,
});
export type Meeting = z.infer<typeof Meeting>;

/** The numbers of the running month that a team looks at first. */
export const meetingKpis: readonly KpiId[] = ['wonRevenue', 'wonDeals', 'winRate', 'openDeals'];

/** Takes a part of the preparation in; why it is no news otherwise. */
export const withPrepared = <M extends Meeting, Part extends keyof Prepared>(
  meeting: M,
  requestId: RequestId,
  part: Part,
  content: NonNullable<Prepared[Part]>,
): M | 'stale' | 'duplicate' => {
  if (meeting.request !== requestId) return 'stale';
  if (meeting.prepared[part] !== undefined) return 'duplicate';
  return { ...meeting, prepared: { ...meeting.prepared, [part]: content } };
};
