import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ActivityKind, type ActivityStatus } from '../../../shared/events/activities.ts';
import type { Activity } from '../domain/activities/activity.ts';
import { type KeyRange, mergedQuery } from '../store/merged-query.ts';
import {
  activitiesOf,
  activitiesOfAccount,
  activitiesOfOwner,
  activityEntity,
  ownerSortKey,
  pointerPrefix,
  subjectSortKey,
} from './entity.ts';
import { type Keyed, mergedStreams } from './merged-streams.ts';

/** After everything that a sort key can go on with. */
export const END = '\uffff';
const MIN_CHUNK = 10;

export interface FoundActivity extends Keyed {
  readonly activity: Stored<Activity>;
}

export type ActivityStream = AsyncGenerator<FoundActivity, void>;

interface Wanted {
  readonly status: ActivityStatus;
  /** Of the sort key behind the status: both ends included. */
  readonly range?: KeyRange | undefined;
  /** How many the caller is likely to take. */
  readonly expected: number;
}

async function* fromIndex(
  items: AsyncGenerator<Item>,
  keyOf: (activity: Activity) => string,
): ActivityStream {
  for await (const item of items) {
    const activity = storedFrom<Activity>(item);
    yield { key: keyOf(activity), activity };
  }
}

const rangeOf = ({ status, range = { from: '', to: END } }: Wanted): KeyRange => ({
  from: `${status}#${range.from}`,
  to: `${status}#${range.to}`,
});

/** Activities of these owners: planned ones by the day they are due, done ones the latest first. Keys are `ownerSortKey`. */
export const ofOwners = (table: Table, ownerIds: readonly string[], wanted: Wanted): ActivityStream =>
  fromIndex(
    mergedQuery({
      table,
      index: 'gsi1',
      partitions: ownerIds.map(activitiesOfOwner),
      range: rangeOf(wanted),
      descending: wanted.status === 'done',
      expected: wanted.expected,
    }),
    ownerSortKey,
  );

/** Activities with these accounts and on their deals, the latest first. Keys are `subjectSortKey`. */
export const ofAccounts = (table: Table, accountIds: readonly string[], wanted: Wanted): ActivityStream =>
  fromIndex(
    mergedQuery({
      table,
      index: 'gsi2',
      partitions: accountIds.map(activitiesOfAccount),
      range: rangeOf(wanted),
      descending: true,
      expected: wanted.expected,
    }),
    subjectSortKey,
  );

/** One kind of a subject's activities; each pointer is followed, a page at a time. */
async function* ofKind(
  table: Table,
  subjectId: string,
  kind: ActivityKind,
  { status, range = { from: '', to: END }, expected }: Wanted,
): ActivityStream {
  const prefix = pointerPrefix(status, kind);
  let after: Item | undefined;
  do {
    const { items, lastKey } = await table.query({
      pk: activitiesOf(subjectId),
      skFrom: prefix + range.from,
      skTo: prefix + range.to,
      descending: true,
      limit: Math.max(MIN_CHUNK, Math.ceil((2 * expected) / ActivityKind.options.length)),
      after,
    });
    const found = await table.batchGet(items.map(({ activityId }) => activityEntity.key(String(activityId))));
    const activities = new Map(
      found.map((item) => storedFrom<Activity>(item)).map((each) => [each.id, each]),
    );
    for (const { activityId } of items) {
      const activity = [...activities.values()].find(({ id }) => id === activityId);
      // Deleted or moved since the pointer was read.
      if (activity?.deleted === false && activity.status === status)
        yield { key: subjectSortKey(activity), activity };
    }
    after = lastKey;
  } while (after !== undefined);
}

/** Activities on a deal, with a contact or on a lead, the latest first, as they stand. Keys are `subjectSortKey`. */
export const ofSubject = (
  table: Table,
  subjectId: string,
  { kind, ...wanted }: Wanted & { readonly kind?: ActivityKind | undefined },
): ActivityStream =>
  mergedStreams(
    (kind === undefined ? ActivityKind.options : [kind]).map((each) =>
      ofKind(table, subjectId, each, wanted),
    ),
  );
