import {
  AlertSent,
  GoalCreated,
  GoalMilestoneReached,
  GoalMilestoneReverted,
  GoalUpdated,
} from '../../../shared/events/goals.ts';
import { relay } from '../../../shared/events/relay-function.ts';

export const handler = relay({
  contracts: [GoalCreated, GoalUpdated, GoalMilestoneReached, GoalMilestoneReverted, AlertSent],
  // A crossing carries the whole goal beside its own milestones.
  project: ({ data, entry }) => ({ ...data, goal: data, ...entry.change }),
});
