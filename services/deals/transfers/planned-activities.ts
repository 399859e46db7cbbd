import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { ActivityChanged } from '../../../shared/events/activities.ts';
import type { DealId, MemberId } from '../../../shared/ids/id.ts';
import { ofSubject } from '../activities/streams.ts';
import { type Activity, taskHandedOver } from '../domain/activities/activity.ts';
import type { SellingDeps } from '../selling-deps.ts';

/** More than anyone plans on one deal; those beyond stay with whom they are. */
const MOST = 200;

/** What someone still has to do on a deal. */
export const plannedOf = async (
  table: Table,
  { dealId, ownerId }: { readonly dealId: DealId; readonly ownerId: MemberId },
): Promise<readonly Stored<Activity>[]> => {
  const planned: Stored<Activity>[] = [];
  for await (const { activity } of ofSubject(table, dealId, { status: 'planned', expected: 20 })) {
    if (activity.ownerId === ownerId) planned.push(activity);
    if (planned.length >= MOST) break;
  }
  return planned;
};

/** Gives them to the deal's new owner; one that was done, deleted or given away meanwhile stays as it is. */
export const handOverPlanned = async (
  planned: readonly Activity[],
  hands: { readonly from: MemberId; readonly to: MemberId },
  { activities, clock }: Pick<SellingDeps, 'activities' | 'clock'>,
): Promise<void> => {
  for (const { id } of planned)
    await untilSaved(async () => {
      const activity = await activities.store.get(id);
      const given = taskHandedOver(activity, { ...hands, now: clock.now() });
      if (given !== activity) await activities.save(given, { from: activity, event: ActivityChanged });
    });
};
