import type { Table } from '../../../shared/dynamodb/table.ts';
import type { MovedGoal } from '../../../shared/events/settings-change.ts';
import type { SettingsChangePage } from '../../../shared/settings-change/job.ts';
import { isRestated, movedPeriod } from '../domain/restated-goal.ts';
import { goalPage } from './goal-pages.ts';

const MOST_LISTED = 100;

/** Says how many targets would be restated, and which goals' periods would move. Writes nothing but that. */
export const previewPage =
  (table: Table): SettingsChangePage =>
  async ({ change, job, found }, { cause }) => {
    const { goals, next } = await goalPage(table, job, cause);
    const moved = goals.flatMap((goal): MovedGoal[] => {
      const after = movedPeriod(goal, change);
      const { id, period, from, to } = goal;
      return after === undefined ? [] : [{ id, period, before: { from, to }, after }];
    });
    return {
      position: next,
      counts: {
        moneyGoals: goals.filter((goal) => isRestated(goal, change)).length,
        movedGoals: moved.length,
      },
      found: { movedGoals: [...(found.movedGoals ?? []), ...moved].slice(0, MOST_LISTED) },
    };
  };
