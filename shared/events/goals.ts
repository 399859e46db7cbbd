import * as z from 'zod';
import { AlertId, GoalId, MemberId } from '../ids/id.ts';
import { Instant } from '../time/instant.ts';
import { event } from './contract.ts';
import { jobAdvanced } from './job-advanced.ts';
import { Mover, ScopeText } from './metrics.ts';

/** Units: money KPIs in minor units of `currency`, ratios 0–1, days, or a count. */
const GoalState = z.object({
  id: GoalId,
  name: z.string(),
  scope: ScopeText,
  kpi: z.string(),
  period: z.string(),
  target: z.number(),
  currency: z.string().optional(),
  milestones: z.array(z.number()),
  ownerId: MemberId.optional(),
  watcherIds: z.array(MemberId),
  status: z.enum(['active', 'achieved', 'missed', 'cancelled']),
});

/** Several milestones passed in one jump are one crossing and one alert. */
const MilestoneCrossing = z.object({
  alertId: AlertId,
  goal: GoalState,
  /** Percent of the target, ascending: `[50, 75, 100]`. */
  milestones: z.array(z.number()),
  /** The KPI's value now, in the goal's unit; `null` where it has none. */
  value: z.number().nullable(),
  /** value ÷ target × 100, uncapped. */
  percent: z.number(),
  at: Instant,
  movers: z.array(Mover),
});

const goalsEvent = <Data extends z.ZodType>(name: string, description: string, data: Data) =>
  event({ service: 'goals', name, major: 1, description, data });

export const GoalCreated = goalsEvent('GoalCreated', 'A goal was set.', GoalState);
export const GoalUpdated = goalsEvent('GoalUpdated', 'A goal changed.', GoalState);
export const GoalMilestoneReached = goalsEvent(
  'GoalMilestoneReached',
  'A goal crossed one or more of its milestones.',
  MilestoneCrossing,
);
export const GoalMilestoneReverted = goalsEvent(
  'GoalMilestoneReverted',
  'A goal fell below milestones that it had reached.',
  MilestoneCrossing,
);
export const AlertSent = goalsEvent(
  'AlertSent',
  'An alert’s mails went out.',
  z.object({ alertId: AlertId, goalId: GoalId, recipientIds: z.array(MemberId), sentAt: Instant }),
);

/** A slice of a job is due. Kept inside the service that runs the job. */
export const GoalsJobAdvanced = jobAdvanced('goals', 'GoalsJobAdvanced');
