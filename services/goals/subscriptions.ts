import { directorySubscription } from '../../shared/directory/subscription.ts';
import { AgendaRequested } from '../../shared/events/briefings.ts';
import { GoalMilestoneReached, GoalMilestoneReverted, GoalsJobAdvanced } from '../../shared/events/goals.ts';
import { MetricsUpdated } from '../../shared/events/metrics.ts';
import { followUpsSubscription } from '../../shared/events/follow-ups.ts';
import { SettingsChangeRequested } from '../../shared/events/settings-change.ts';
import { PersonalDataRequested } from '../../shared/events/privacy.ts';
import { MemberDeparted } from '../../shared/events/team.ts';
import { subscription } from '../../shared/events/subscription.ts';

export const directory = directorySubscription('goals');

/** Large batches: of many events of one bucket only the newest is written, and a scope's goals are evaluated once. */
export const progress = subscription({
  service: 'goals',
  name: 'progress',
  function: 'progress',
  contracts: [MetricsUpdated],
  batchSize: 2000,
  batchWindowSeconds: 1,
});

export const alerts = subscription({
  service: 'goals',
  name: 'alerts',
  function: 'alerts',
  contracts: [GoalMilestoneReached, GoalMilestoneReverted],
});

/** What follows for goals from what happens to people and settings; jobs. */
export const followUps = followUpsSubscription('goals', [
  MemberDeparted,
  SettingsChangeRequested,
  GoalsJobAdvanced,
  PersonalDataRequested,
  AgendaRequested,
]);
