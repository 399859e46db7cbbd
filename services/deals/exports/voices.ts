import { Directory } from '../../../shared/directory/directory.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { exportHandler } from '../../../shared/exports/kind.ts';
import { partitionPages } from '../../../shared/exports/partition-pages.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { activitiesOfOwner } from '../activities/entity.ts';
import { type Activity, momentOf } from '../domain/activities/activity.ts';
import type { Feedback } from '../domain/feedback.ts';
import type { Traffic } from '../domain/traffic.ts';
import { feedbackOfStore } from '../store/feedback.ts';
import { trafficOfStore } from '../store/traffic.ts';
import { activityCells, feedbackCells, trafficCells } from './cells.ts';
import { activityExport, feedbackExport, trafficExport } from './kinds.ts';
import { isWithin } from './within.ts';
import { storeIds } from './store-ids.ts';

export const activities = (table: Table) =>
  exportHandler(activityExport, async ({ ownerId, kind, from, to }) => {
    const members = (await new Directory(table).snapshot()).members();
    const owners = ownerId === undefined ? members.map(({ id }) => id) : [ownerId];
    return partitionPages(table, {
      index: 'gsi1',
      partitions: owners.map(activitiesOfOwner),
      rowsOf: (items) =>
        items
          .map((item) => storedFrom<Activity>(item))
          .filter((activity) => kind === undefined || activity.kind === kind)
          .filter((activity) => isWithin(momentOf(activity), { from, to }))
          .map(activityCells),
    });
  });

export const traffic = (table: Table) =>
  exportHandler(trafficExport, async ({ storeId, from, to }, { cause }) => {
    const ids = storeId === undefined ? await storeIds(table, cause) : [storeId];
    return partitionPages(table, {
      index: 'gsi1',
      partitions: ids.map(trafficOfStore),
      rowsOf: (items) =>
        items
          .map((item) => storedFrom<Traffic>(item))
          .filter(({ day }) => isWithin(day, { from, to }))
          .map(trafficCells),
    });
  });

/** Answers about no store, too, unless a store is asked for. */
const feedbackPartitions = async (table: Table, cause: Cause): Promise<string[]> => [
  feedbackOfStore(undefined),
  ...(await storeIds(table, cause)).map(feedbackOfStore),
];

export const feedback = (table: Table) =>
  exportHandler(feedbackExport, async ({ storeId, from, to }, { cause }) =>
    partitionPages(table, {
      index: 'gsi1',
      partitions: storeId === undefined ? await feedbackPartitions(table, cause) : [feedbackOfStore(storeId)],
      rowsOf: (items) =>
        items
          .map((item) => storedFrom<Feedback>(item))
          .filter(({ answeredAt }) => isWithin(answeredAt, { from, to }))
          .map(feedbackCells),
    }),
  );
