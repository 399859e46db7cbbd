import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { Alert } from '../domain/alert.ts';
import { Goal } from '../domain/goal.ts';

/** Index partitions: all goals, and those of one scope, by the time they were made. */
export const allGoals = 'goals';
export const goalsOf = (scope: string): string => `goals#${scope}`;

export const goalEntity = defineEntity<Goal>({
  type: 'goal',
  schema: Goal,
  key: (id) => ({ pk: `goal#${id}`, sk: 'state' }),
  indexes: ({ id, scope, createdAt }) => ({
    gsi1pk: allGoals,
    gsi1sk: `${createdAt}#${id}`,
    gsi2pk: goalsOf(scope),
    gsi2sk: `${createdAt}#${id}`,
  }),
  project: (goal) => ({ ...goal, goal }),
});

/** Index partitions of the ledger: all entries, and those of one goal, by the time of the crossing. */
export const allAlerts = 'alerts';
export const alertsOf = (goalId: string): string => `alerts#${goalId}`;

export const alertEntity = defineEntity<Alert>({
  type: 'alert',
  schema: Alert,
  key: (id) => ({ pk: `alert#${id}`, sk: 'state' }),
  indexes: ({ id, goalId, at }) => ({
    gsi1pk: allAlerts,
    gsi1sk: `${at}#${id}`,
    gsi2pk: alertsOf(goalId),
    gsi2sk: `${at}#${id}`,
  }),
});
