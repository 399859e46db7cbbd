import * as z from 'zod';
import { GoalId, MemberId } from '../../../shared/ids/id.ts';
import { KpiId, kpiIds } from '../../../shared/kpis/kpi.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { PeriodText } from '../../../shared/time/period.ts';
import { Goal } from '../domain/goal.ts';
import { Direction, TargetInput } from '../domain/target.ts';

const Milestones = z
  .array(z.number().gt(0, 'must be more than 0 percent').max(1000, 'must be at most 1,000 percent'))
  .min(1, 'must hold at least one percentage')
  .max(10, 'may hold ten percentages at most')
  .refine(
    (list) => list.every((value, index) => index === 0 || value > (list[index - 1] ?? value)),
    'must be ascending, each one once',
  );

const Watchers = z.array(MemberId).max(20, 'may hold 20 members at most');

const Kpi = z.enum(kpiIds, { error: `must be one of ${kpiIds.join(', ')}` });

export const NewGoal = z.strictObject({
  name: z.string().trim().min(1).max(200),
  scope: z
    .string()
    .regex(/^(org|team:team_.+|rep:mem_.+)$/, 'must be org, team:team_… or rep:mem_…')
    .describe('Whose numbers count: org, team:team_… (with the teams below it) or rep:mem_….'),
  kpi: Kpi.describe('An id of GET /v1/kpis.'),
  period: PeriodText,
  target: TargetInput.describe(
    'Money for money KPIs (in the reporting currency), a number for others, or growth over a former period.',
  ),
  direction: Direction.default('higher').describe(
    'Whether more or less is better. Less is measured on the way down from the period before.',
  ),
  milestones: Milestones.default([25, 50, 75, 100]).describe('Percent of the target, ascending.'),
  ownerId: MemberId.optional().describe('The rep, or the team’s manager, unless given.'),
  watcherIds: Watchers.default([]).describe('Who is mailed beside the owner and the owner’s manager.'),
});
export type NewGoal = z.output<typeof NewGoal>;

export const ChangedGoal = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  target: TargetInput.optional(),
  milestones: Milestones.optional(),
  ownerId: MemberId.nullable().optional().describe('null takes the owner off.'),
  watcherIds: Watchers.optional(),
});

/** A goal as it is answered. */
export const GoalView = z
  .object({
    ...Goal.omit({ standing: true, episode: true }).shape,
    target: z.number().describe('In the KPI’s unit; money in minor units of `currency`, ratios 0–1.'),
    to: Goal.shape.to.describe('The first day after the period.'),
    version: z.int(),
  })
  .meta({ id: 'Goal' });

const MilestoneView = z.object({
  milestone: z.number().describe('Percent of the target.'),
  reached: z.boolean(),
  reachedAt: Instant.optional(),
  announced: z.boolean().optional().describe('False for one that was passed before the goal was set.'),
});

export const ProgressView = z
  .object({
    goalId: GoalId,
    name: z.string(),
    scope: z.string(),
    kpi: KpiId,
    period: z.string(),
    from: Goal.shape.from,
    to: Goal.shape.to,
    asOf: Instant,
    unit: Goal.shape.unit,
    currency: z.string().optional(),
    target: z.number(),
    baseline: z.number().optional(),
    value: z.number().nullable().describe('In the same unit as the target; null where there is none.'),
    percent: z.number().nullable().describe('Attainment, uncapped.'),
    numerator: z.number().nullable(),
    denominator: z.number().nullable(),
    n: z.int(),
    reason: z.string().optional(),
    elapsed: z.number().describe('Share of the period that has gone by, 0–1.'),
    pace: z.object({
      ratio: z.number().nullable().describe('Actual ÷ expected by now.'),
      status: z.enum(['ahead', 'onTrack', 'atRisk', 'behind']).nullable(),
      expected: z.number().nullable(),
      reason: z.string().optional(),
    }),
    projection: z.number().nullable().describe('Where the value ends up if it goes on like this.'),
    neededPerBusinessDay: z.number().nullable(),
    businessDaysLeft: z.int(),
    milestones: z.array(MilestoneView),
  })
  .meta({ id: 'GoalProgress' });
