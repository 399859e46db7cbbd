import * as z from 'zod';
import { DealId, GoalId, MeetingId, MemberId, RequestId, TeamId } from '../ids/id.ts';
import { KpiId } from '../kpis/kpi.ts';
import { Money } from '../money/money.ts';
import { Day, Instant } from '../time/instant.ts';
import { event } from './contract.ts';
import { ScopeText } from './metrics.ts';

/** Whose KPIs are asked for. */
const AskedScope = z.string().regex(/^(rep:mem|team:team)_[0-9A-Z]{26}$/, 'must be rep:mem_… or team:team_…');

/** What the answer is for; it comes back with it. `id` is the record that asked, `part` the place in it. */
export const Purpose = z.object({
  kind: z.enum(['coaching', 'review', 'meeting', 'training']),
  id: z.string().min(1),
  part: z.string().min(1),
});
export type Purpose = z.infer<typeof Purpose>;

/** From `from` until before `to`, in days of the organization. */
const question = { scope: AskedScope, from: Day, to: Day, purpose: Purpose };

/** As metrics answers it: money in minor units of `currency`, ratios 0–1; null, with a reason, where there is none. */
export const MeasuredKpi = z.object({
  value: z.number().nullable(),
  unit: z.string(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  n: z.int(),
  currency: z.string().optional(),
  reason: z.string().optional(),
});
export type MeasuredKpi = z.infer<typeof MeasuredKpi>;

export const KpisRequested = event({
  service: 'team',
  name: 'KpisRequested',
  major: 1,
  description: 'Metrics is asked for KPIs of a rep or a team; it answers with KpisMeasured.',
  data: z.object({ id: RequestId, kpis: z.array(KpiId).min(1), ...question }),
});

export const KpisMeasured = event({
  service: 'metrics',
  name: 'KpisMeasured',
  major: 1,
  description: 'The KPIs that were asked for, as they stood at `asOf`.',
  data: z.object({
    requestId: RequestId,
    ...question,
    asOf: Instant,
    kpis: z.record(z.string(), MeasuredKpi),
  }),
});

export const AgendaRequested = event({
  service: 'team',
  name: 'AgendaRequested',
  major: 1,
  description: 'A team will meet: goals and deals are asked for what it should talk about.',
  data: z.object({ id: RequestId, meetingId: MeetingId, teamId: TeamId, from: Day, to: Day }),
});

/** Which request is answered, as of when. */
const agendaAnswer = { requestId: RequestId, meetingId: MeetingId, asOf: Instant };

/** Units: money KPIs in minor units of `currency`, ratios 0–1, days, or a count. */
export const GoalAtRisk = z.object({
  id: GoalId,
  name: z.string(),
  kpi: z.string(),
  scope: ScopeText,
  /** Of the target × 100, uncapped. */
  percent: z.number(),
  paceStatus: z.enum(['atRisk', 'behind']),
  target: z.number(),
  value: z.number(),
  currency: z.string().optional(),
});
export type GoalAtRisk = z.infer<typeof GoalAtRisk>;

export const GoalsAtRiskListed = event({
  service: 'goals',
  name: 'GoalsAtRiskListed',
  major: 1,
  description:
    'The goals of a team, the teams below and their reps that are at risk or behind, the furthest first.',
  data: z.object({ ...agendaAnswer, goals: z.array(GoalAtRisk) }),
});

export const RottingDeal = z.object({
  id: DealId,
  name: z.string(),
  ownerId: MemberId,
  amount: Money,
  stage: z.string(),
  /** For which it has stood in its stage. */
  days: z.int(),
});
export type RottingDeal = z.infer<typeof RottingDeal>;

export const RottingDealsListed = event({
  service: 'deals',
  name: 'RottingDealsListed',
  major: 1,
  description:
    'The open deals of a team and the teams below that stand in their stage for too long, the largest first.',
  data: z.object({ ...agendaAnswer, deals: z.array(RottingDeal) }),
});
