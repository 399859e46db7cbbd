import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { GoalsJobAdvanced, GoalUpdated } from '../../../shared/events/goals.ts';
import { presentHeir } from '../../../shared/hand-over/heir.ts';
import { HAND_OVER, handOverOf } from '../../../shared/hand-over/job.ts';
import type { JobHandler } from '../../../shared/jobs/handler.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { goalHandedOver } from '../domain/succession.ts';
import { allGoals, goalEntity } from '../store/entities.ts';

const PAGE = 100;

const Position = z.object({ after: z.record(z.string(), z.unknown()).optional() });

/**
 * Gives a departed member's active goals to the heir, and takes the member off those that others own. Neither changes what
 * a goal measures: nothing is evaluated anew.
 */
export const handOver = ({
  table,
  directory,
}: {
  readonly table: Table;
  readonly directory: Directory;
}): JobHandler => ({
  kind: HAND_OVER,
  page: async (job, { cause }) => {
    const { memberId: from, heirId } = handOverOf(job);
    const { after } = Position.parse(job.position ?? {});
    const jobs = new Jobs(table, GoalsJobAdvanced, cause);
    const to = heirId && (await presentHeir(heirId, { directory, jobs }));
    const goals = new Repository(table, goalEntity, cause);
    const { items, lastKey } = await goals.queryIndex('gsi1', allGoals, { limit: PAGE, cursor: after });
    let changed = 0;
    for (const listed of items.filter((goal) => goalHandedOver(goal, from, to) !== goal)) {
      const isChanged = await untilSaved(async () => {
        const goal = await goals.get(listed.id);
        const next = goalHandedOver(goal, from, to);
        if (next !== goal) await goals.save(next, GoalUpdated);
        return next !== goal;
      });
      changed += isChanged ? 1 : 0;
    }
    return { ...(lastKey !== undefined && { position: { after: lastKey } }), counts: { goals: changed } };
  },
});
