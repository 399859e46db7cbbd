import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { SettingsChangeData } from '../../../shared/events/settings-change.ts';
import type { JobRun } from '../../../shared/jobs/handler.ts';
import type { SettingsChangePage } from '../../../shared/settings-change/job.ts';
import type { Goal } from '../domain/goal.ts';
import { restatedGoal } from '../domain/restated-goal.ts';
import { crossedBy, totalsQueryOf } from '../progress/evaluate-scope.ts';
import { Buckets } from '../store/buckets.ts';
import { GoalStore, untilUnmoved } from '../store/goals.ts';
import { goalPage } from './goal-pages.ts';

/** Writes one goal by the new settings, with what it has passed by the numbers of now. False where nothing changes. */
const restateOne = async (
  table: Table,
  { id }: Stored<Goal>,
  change: SettingsChangeData,
  { cause, clock }: JobRun,
): Promise<boolean> => {
  const store = new GoalStore(table, cause);
  const buckets = new Buckets(table);
  return untilUnmoved(async () => {
    const goal = await store.goals.get(id);
    const restated = restatedGoal(goal, change, clock.now());
    if (restated === goal) return false;
    const { sequence } = await store.watches.of(goal.scope);
    const first =
      restated.status === 'active'
        ? crossedBy<Stored<Goal>>(
            restated,
            await buckets.totals(totalsQueryOf(restated)),
            [],
            clock.now(),
            { organization: change.after, correlationId: cause.correlationId },
            { announce: false },
          )
        : undefined;
    const saved = await store.change(first?.goal ?? restated, first?.alert, sequence);
    return saved === undefined ? undefined : true;
  });
};

/** Repeating a page changes nothing: a goal that is restated is none of the former currency or calendar. */
export const restatePage =
  (table: Table): SettingsChangePage =>
  async ({ change, job }, run) => {
    const { goals, next } = await goalPage(table, job, run.cause);
    let restated = 0;
    for (const goal of goals) if (await restateOne(table, goal, change, run)) restated += 1;
    return { position: next, counts: { goals: restated } };
  };
