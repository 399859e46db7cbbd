import { GoalsAtRiskListed } from '../../shared/events/briefings.ts';
import {
  AlertSent,
  GoalCreated,
  GoalMilestoneReached,
  GoalMilestoneReverted,
  GoalUpdated,
  GoalsJobAdvanced,
} from '../../shared/events/goals.ts';
import { GoalsSettingsChangeReported } from '../../shared/events/settings-change.ts';
import { GoalsPersonalDataHandled } from '../../shared/events/privacy.ts';
import type { EventMapping } from '../../shared/events/stream-record.ts';

/** What the relay publishes, and how it is filled from the items. */
export const goalsEvents: EventMapping = {
  contracts: [
    GoalCreated,
    GoalUpdated,
    GoalMilestoneReached,
    GoalMilestoneReverted,
    AlertSent,
    GoalsJobAdvanced,
    GoalsAtRiskListed,
    GoalsPersonalDataHandled,
    GoalsSettingsChangeReported,
  ],
  // A crossing carries the whole goal beside its own milestones.
  project: ({ data, entry }) => ({ ...data, goal: data, ...entry.change }),
};
