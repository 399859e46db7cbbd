import type { Cause } from '../../../shared/events/cause.ts';
import type { ConsumerContext } from '../../../shared/events/consumer.ts';
import { steps, tellSteps } from '../../../shared/observability/steps.ts';
import type { Crossed } from '../store/goals.ts';

/** Percent of the target at which a goal is reached. */
const GOAL = 100;

/** Counts and logs what goals crossed. `all` are the causes of everything that moved; `cause` is the one that goes on. */
export const tellingCrossings =
  (cause: Cause, all: readonly Cause[], { count, logger }: Pick<ConsumerContext, 'count' | 'logger'>) =>
  ({ goal, crossing, alert }: Crossed): void => {
    const { direction, milestones, announced } = crossing;
    if (direction === 'reached' && announced) {
      count('MilestonesReached', milestones.length);
      if (milestones.includes(GOAL)) count('GoalsReached');
    }
    const merged = new Set(all.map(({ correlationId }) => correlationId));
    merged.delete(cause.correlationId);
    tellSteps(logger, steps.goalEvaluated, [
      {
        correlationId: cause.correlationId,
        causationId: cause.causationId,
        subject: goal.id,
        outcome: direction,
        milestones: [...milestones],
        announced,
        about: [alert.id, ...alert.movers.map(({ id }) => id)],
        ...(merged.size > 0 && { mergedCorrelationIds: [...merged] }),
      },
    ]);
  };
