import * as z from 'zod';
import { FrozenRate } from '../../../shared/events/deals.ts';
import { ScopeText } from '../../../shared/events/metrics.ts';
import { GoalId, MemberId, RequestId } from '../../../shared/ids/id.ts';
import { KpiId } from '../../../shared/kpis/kpi.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { InvalidTransition } from '../../../shared/errors/errors.ts';
import { frozenTarget, type FrozenTarget } from './target.ts';

/** A milestone that the value is at or above. */
const Standing = z.object({
  milestone: z.number(),
  since: Instant,
  /** False for what had been passed before the goal, or its present target, existed: recorded, not mailed. */
  announced: z.boolean(),
});
export type Standing = z.infer<typeof Standing>;

/** What a goal was before a change of settings, and the rate at which its money was restated. */
const Restatement = z.object({
  by: RequestId,
  at: Instant,
  rate: FrozenRate.optional(),
  before: z.object({
    ...frozenTarget.pick({ target: true, currency: true, baseline: true }).shape,
    from: Day,
    to: Day,
  }),
});

/**
 * A goal as it is kept. Units: money in minor units of `currency`, ratios 0–1, days, or a count. `milestones` are percent
 * of the target, ascending. `standing` and `episode` are the progress told so far; the value itself lies in the buckets.
 */
export const Goal = z.object({
  id: GoalId,
  name: z.string(),
  scope: ScopeText,
  kpi: KpiId,
  period: z.string(),
  /** The period by the fiscal calendar at creation; `to` is the first day after it. */
  from: Day,
  to: Day,
  ...frozenTarget.shape,
  milestones: z.array(z.number()),
  ownerId: MemberId.optional(),
  watcherIds: z.array(MemberId),
  status: z.enum(['active', 'cancelled']),
  /** Rises with each change of target or milestones. */
  revision: z.int().min(1),
  standing: z.array(Standing),
  /** Rises when milestones are lost again, so that reaching them anew is news. */
  episode: z.int().min(1),
  createdAt: Instant,
  /** How the present revision came about, where a change of the organization's settings restated the goal. */
  restated: Restatement.optional(),
});
export type Goal = z.infer<typeof Goal>;

export type GoalDraft = Pick<
  Goal,
  'id' | 'name' | 'scope' | 'kpi' | 'period' | 'from' | 'to' | 'milestones' | 'ownerId' | 'watcherIds'
> &
  FrozenTarget;

export const createGoal = (draft: GoalDraft, at: Instant): Goal => ({
  ...draft,
  status: 'active',
  revision: 1,
  standing: [],
  episode: 1,
  createdAt: at,
});

export interface GoalChanges {
  readonly name?: string | undefined;
  readonly target?: FrozenTarget | undefined;
  readonly milestones?: readonly number[] | undefined;
  readonly watcherIds?: readonly MemberId[] | undefined;
  /** `null` takes the owner off. */
  readonly ownerId?: MemberId | null | undefined;
}

/** Whether the changes set other milestones to be reached, so that progress has to be judged anew. */
const setsNewMeasure = ({ target, milestones }: GoalChanges): boolean =>
  target !== undefined || milestones !== undefined;

/**
 * The goal with the changes in. Another target or other milestones begin a new revision, in which nothing is standing
 * until it is evaluated. Throws InvalidTransition for a cancelled goal.
 */
export const editGoal = <T extends Goal>(goal: T, changes: GoalChanges): T => {
  if (goal.status === 'cancelled')
    throw new InvalidTransition('The goal is cancelled and can’t be changed; set another one instead.');
  const { target, milestones, watcherIds, ownerId, name } = changes;
  return {
    ...goal,
    ...(name !== undefined && { name }),
    ...(target !== undefined && { baseline: undefined, growth: undefined, ...target }),
    ...(milestones !== undefined && { milestones: [...milestones] }),
    ...(watcherIds !== undefined && { watcherIds: [...watcherIds] }),
    ...(ownerId !== undefined && { ownerId: ownerId ?? undefined }),
    ...(setsNewMeasure(changes) && {
      revision: goal.revision + 1,
      standing: [],
      episode: 1,
      restated: undefined,
    }),
  };
};

/** Cancelling twice is once. */
export const cancelGoal = <T extends Goal>(goal: T): T => ({ ...goal, status: 'cancelled' });
