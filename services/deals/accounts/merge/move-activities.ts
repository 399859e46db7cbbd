import { storedFrom } from '../../../../shared/dynamodb/entity.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import { ActivityChanged } from '../../../../shared/events/activities.ts';
import { ActivityStore } from '../../activities/activity-store.ts';
import { activitiesOfAccount } from '../../activities/entity.ts';
import type { Activity } from '../../domain/activities/activity.ts';
import { isGone } from './gone.ts';
import type { MoverKind } from './mover.ts';

const PAGE = 25;

/** Activities with the account and on its deals. Whom they count for stays. */
export const moveActivities: MoverKind = {
  kind: 'activities',
  open: ({ table }, { cause, clock }) => {
    const activities = new ActivityStore(table, cause);
    return {
      list: async (accountId, after) => {
        const { items, lastKey } = await table.query({
          index: 'gsi2',
          pk: activitiesOfAccount(accountId),
          limit: PAGE,
          after,
        });
        return { ids: items.map((item) => storedFrom<Activity>(item).id), after: lastKey };
      },
      move: async (id, from, to) =>
        untilSaved(async () => {
          const activity = await activities.find(id);
          if (activity?.accountId === to) return 'there';
          if (isGone(activity) || activity.accountId !== from) return 'elsewhere';
          const moved = { ...activity, accountId: to, updatedAt: clock.now() };
          await activities.save(moved, { from: activity, event: ActivityChanged });
          return 'moved';
        }),
    };
  },
};
