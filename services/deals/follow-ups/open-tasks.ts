import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import { ActivityChanged, ActivityKind } from '../../../shared/events/activities.ts';
import { ActivityId, type DealId, type MemberId } from '../../../shared/ids/id.ts';
import type { JobRun } from '../../../shared/jobs/handler.ts';
import { activitiesOf, activitiesOfOwner, pointerPrefix } from '../activities/entity.ts';
import { type Activity, taskHandedOver } from '../domain/activities/activity.ts';
import { sellingDeps } from '../selling-deps.ts';

const PAGE = 25;

export interface OpenTasksPage {
  readonly ids: readonly ActivityId[];
  /** Where the next page begins; absent on the last one. */
  readonly after?: Item | undefined;
}

/** A page of what someone has planned, by the index, which is a moment behind: read each itself before changing it. */
export const openTasksOf = async (
  table: Table,
  ownerId: MemberId,
  after: Item | undefined,
): Promise<OpenTasksPage> => {
  const { items, lastKey } = await table.query({
    index: 'gsi1',
    pk: activitiesOfOwner(ownerId),
    skPrefix: 'planned#',
    limit: PAGE,
    after,
  });
  return { ids: items.map((item) => storedFrom<Activity>(item).id), after: lastKey };
};

/** More than one deal ever has planned: so many are found, those that are to happen first. */
const MOST_OF_A_DEAL = 1_000;

/** What is planned on a deal, read consistently: tasks, and meetings and demos to come. */
export const tasksOf = async (table: Table, dealId: DealId): Promise<readonly ActivityId[]> => {
  const found = await Promise.all(
    ActivityKind.options.map(async (kind) =>
      table.query({
        pk: activitiesOf(dealId),
        skPrefix: pointerPrefix('planned', kind),
        limit: MOST_OF_A_DEAL,
      }),
    ),
  );
  return found.flatMap(({ items }) => items.map(({ activityId }) => ActivityId.parse(activityId)));
};

export type GiveTask = (
  id: ActivityId,
  hands: { readonly from: MemberId; readonly to: MemberId },
) => Promise<boolean>;

/**
 * Gives what `from` has planned to `to`, for a job: each is read and changed until nobody else saved it in between. Answers
 * whether anything was written: what is done, deleted or someone else's stays as it is.
 */
export const taskGiver = (
  { table, directory }: { readonly table: Table; readonly directory: Directory },
  { cause, clock }: JobRun,
): GiveTask => {
  const { activities } = sellingDeps({ table, directory, cause, clock, actor: { kind: 'open' } });
  return async (id, hands) =>
    untilSaved(async () => {
      const activity = await activities.store.get(id);
      const given = taskHandedOver(activity, { ...hands, now: clock.now() });
      if (given === activity) return false;
      await activities.save(given, { from: activity, event: ActivityChanged });
      return true;
    });
};

/** What `from` has planned on the deal goes to `to` along with the deal; answers how many did. */
export const dealTasksGiven = async (
  sources: { readonly table: Table; readonly directory: Directory },
  run: JobRun,
  { dealId, ...hands }: { readonly dealId: DealId; readonly from: MemberId; readonly to: MemberId },
): Promise<number> => {
  const give = taskGiver(sources, run);
  let given = 0;
  for (const id of await tasksOf(sources.table, dealId)) given += (await give(id, hands)) ? 1 : 0;
  return given;
};
