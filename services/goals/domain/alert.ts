import * as z from 'zod';
import { Mover, ScopeText } from '../../../shared/events/metrics.ts';
import { AlertId, derivedId, GoalId, MemberId } from '../../../shared/ids/id.ts';
import { KpiId } from '../../../shared/kpis/kpi.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import type { Reading } from './attainment.ts';
import type { Crossing } from './evaluate.ts';
import type { Goal } from './goal.ts';
import type { Pace } from './pace.ts';
import { frozenTarget } from './target.ts';

export const RecipientRole = z.enum(['manager', 'owner', 'rep', 'watcher']);
export type RecipientRole = z.infer<typeof RecipientRole>;

/**
 * One person's copy. `sending` is written before SES is called: whoever finds it later knows that this one mail may have
 * gone out already. `skipped` and `failed` have a reason.
 */
export const Recipient = z.object({
  memberId: MemberId,
  role: RecipientRole,
  state: z.enum(['pending', 'sending', 'sent', 'failed', 'skipped']),
  /** Calls to SES; more than one means that an answer was an error, or was lost. */
  attempts: z.int(),
  /** When the state was written. */
  at: Instant.optional(),
  /** SES's. */
  messageId: z.string().optional(),
  reason: z.string().optional(),
});
export type Recipient = z.infer<typeof Recipient>;

/** The pace at the crossing; see pace.ts. */
const AlertPace = z.object({
  status: z.enum(['ahead', 'onTrack', 'atRisk', 'behind']).nullable(),
  elapsed: z.number(),
  projection: z.number().nullable(),
  neededPerBusinessDay: z.number().nullable(),
  businessDaysLeft: z.int(),
});

/**
 * An entry of the alert ledger: what was crossed, with the figures of that moment, and what became of each mail. Its id is
 * its key, so that one crossing has one entry.
 */
export const Alert = z.object({
  id: AlertId,
  goalId: GoalId,
  goalName: z.string(),
  scope: ScopeText,
  ownerId: MemberId.optional(),
  kpi: KpiId,
  period: z.string(),
  from: Day,
  to: Day,
  unit: frozenTarget.shape.unit,
  target: z.number(),
  currency: frozenTarget.shape.currency,
  allMilestones: z.array(z.number()),
  revision: z.int(),
  episode: z.int(),
  rule: z.literal('milestone'),
  direction: z.enum(['reached', 'reverted']),
  /** Percent; more than one where one step passed several. */
  milestones: z.array(z.number()),
  value: z.number().nullable(),
  percent: z.number(),
  pace: AlertPace,
  movers: z.array(Mover),
  at: Instant,
  correlationId: z.string(),
  /** `recorded` entries are mailed to nobody, `skipped` ones had nobody to mail to, `failed` ones failed for someone. */
  state: z.enum(['recorded', 'pending', 'sending', 'sent', 'failed', 'skipped']),
  /** Empty until the first attempt to send: who is told is decided then. */
  recipients: z.array(Recipient),
  sentAt: Instant.optional(),
});
export type Alert = z.infer<typeof Alert>;

/** Goal, period, target revision, rule, thresholds, direction and episode make one alert, however often it is worked out. */
export const alertIdOf = (goal: Goal, { milestones, direction, episode }: Crossing): AlertId =>
  derivedId(
    AlertId,
    goal.id,
    goal.period,
    String(goal.revision),
    'milestone',
    milestones.join(','),
    direction,
    String(episode),
  );

export interface CrossingMoment {
  readonly reading: Reading;
  readonly pace: Pace;
  readonly movers: readonly Mover[];
  readonly at: Instant;
  readonly correlationId: string;
}

/** The ledger entry of a crossing, with everything that its mail will say. */
export const alertOf = (
  goal: Goal,
  crossing: Crossing,
  { reading, pace, movers, at, correlationId }: CrossingMoment,
): Alert => ({
  id: alertIdOf(goal, crossing),
  goalId: goal.id,
  goalName: goal.name,
  scope: goal.scope,
  ownerId: goal.ownerId,
  kpi: goal.kpi,
  period: goal.period,
  from: goal.from,
  to: goal.to,
  unit: goal.unit,
  target: goal.target,
  currency: goal.currency,
  allMilestones: goal.milestones,
  revision: goal.revision,
  episode: crossing.episode,
  rule: 'milestone',
  direction: crossing.direction,
  milestones: [...crossing.milestones],
  value: reading.value,
  percent: reading.percent ?? 0,
  pace: {
    status: pace.status,
    elapsed: reading.elapsed,
    projection: pace.projection,
    neededPerBusinessDay: pace.neededPerBusinessDay,
    businessDaysLeft: pace.businessDaysLeft,
  },
  movers: [...movers],
  at,
  correlationId,
  state: crossing.announced ? 'pending' : 'recorded',
  recipients: [],
});
