import { defineEntity, type IndexKeys } from '../../../shared/dynamodb/entity.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { ActivityKind, ActivityStatus } from '../../../shared/events/activities.ts';
import { Activity, momentOf } from '../domain/activities/activity.ts';
import { NO_DAY } from '../store/entities.ts';

export const activitiesOfOwner = (ownerId: string): string => `activity#owner#${ownerId}`;
export const activitiesOfAccount = (accountId: string): string => `activity#account#${accountId}`;

/** Under their owner: what is planned by when it is due, what is done by when it happened. */
export const ownerSortKey = (activity: Activity): string =>
  activity.status === 'planned'
    ? `planned#${activity.dueOn ?? NO_DAY}#${activity.id}`
    : `done#${momentOf(activity)}#${activity.id}`;

/** Under what they are about: both by their moment. The id makes it unique. */
export const subjectSortKey = (activity: Activity): string =>
  `${activity.status}#${momentOf(activity)}#${activity.id}`;

const indexesOf = (activity: Activity): IndexKeys => {
  if (activity.deleted) return {};
  return {
    gsi1pk: activitiesOfOwner(activity.ownerId),
    gsi1sk: ownerSortKey(activity),
    ...(activity.accountId && {
      gsi2pk: activitiesOfAccount(activity.accountId),
      gsi2sk: subjectSortKey(activity),
    }),
  };
};

export const activityEntity = defineEntity<Activity>({
  type: 'activity',
  schema: Activity,
  key: (id) => ({ pk: `activity#${id}`, sk: 'state' }),
  indexes: indexesOf,
});

export const ACTIVITY_POINTER = 'activity-pointer';

/** Of a deal, contact or lead: its activities, which the two indexes have no room for. Read consistently. */
export const activitiesOf = (subjectId: string): string => `activities-of#${subjectId}`;

/** Begins the sort keys of a subject’s activities of a kind: `<status>#<kind>#<moment>#<id>`. */
export const pointerPrefix = (status: ActivityStatus, kind: ActivityKind): string => `${status}#${kind}#`;

const pointerSortKey = (activity: Activity): string =>
  `${pointerPrefix(activity.status, activity.kind)}${momentOf(activity)}#${activity.id}`;

/** Where the activity is found under its deal, contact and lead; nowhere, once deleted. */
export const pointersOf = (activity: Activity): readonly Key[] =>
  activity.deleted
    ? []
    : [activity.dealId, activity.contactId, activity.leadId].flatMap((subjectId) =>
        subjectId === undefined ? [] : [{ pk: activitiesOf(subjectId), sk: pointerSortKey(activity) }],
      );

export const pointerItem = (key: Key, { id }: Pick<Activity, 'id'>): Item => ({
  ...key,
  type: ACTIVITY_POINTER,
  activityId: id,
});
