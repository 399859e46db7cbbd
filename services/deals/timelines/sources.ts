import { maySee, type Viewer } from '../../../shared/auth/visibility.ts';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { accountMergeEntity } from '../accounts/merge/merge-store.ts';
import type { Activities } from '../activities/activities.ts';
import { inChunks } from '../activities/merged-streams.ts';
import type { ActivityStream } from '../activities/streams.ts';
import { orderEntity } from '../commerce/entities.ts';
import type { AccountMerge } from '../domain/account-merge.ts';
import type { Account } from '../domain/account.ts';
import type { OrderRecord } from '../domain/commerce/order.ts';
import type { Deal } from '../domain/deal.ts';
import { activityEntry, mergeEntry, orderEntries, type PlacedEntry } from '../domain/timelines/timeline.ts';
import { dealsOfAccount } from '../store/entities.ts';
import { mergedQuery } from '../store/merged-query.ts';

export type EntryStream = AsyncGenerator<PlacedEntry, void>;

/** Entries that are at hand, the last first. */
export async function* ofEntries(entries: readonly PlacedEntry[]): EntryStream {
  yield* await Promise.resolve(entries.toSorted((a, b) => (a.key < b.key ? 1 : -1)));
}

/** Activities that the caller may see; in place of each other one, an entry without content. */
export async function* ofActivities(
  stream: ActivityStream,
  activities: Pick<Activities, 'areVisible'>,
  chunk: number,
): EntryStream {
  for await (const found of inChunks(stream, chunk)) {
    const visible = await activities.areVisible(found.map(({ activity }) => activity));
    for (const [index, { activity }] of found.entries()) {
      const placed = activityEntry(activity);
      yield visible[index] === true ? placed : { ...placed, entry: undefined };
    }
  }
}

/** Whether the viewer may see the order: whoever it counts for, and who manages their teams. */
const seesOrder = (viewer: Viewer, { attribution }: OrderRecord): boolean => {
  const credits = attribution?.credits ?? [];
  return maySee(viewer, {
    ownerId: credits[0]?.memberId,
    teamId: credits[0]?.teamPath[0],
    participantIds: credits.map(({ memberId }) => memberId),
  });
};

/** A refund may come so long after its order that it stands elsewhere: orders are read from the latest one on, refunds with them. */
const MOST_ORDERS = 500;

/** The latest orders of these lists, with what was given back of them. */
export const orderEntriesOf = async (
  table: Table,
  partitions: readonly string[],
  isWanted: (order: OrderRecord) => boolean,
): Promise<readonly PlacedEntry[]> => {
  const query = mergedQuery({
    table,
    index: 'gsi2',
    partitions,
    range: { from: '0', to: '\uffff' },
    descending: true,
    expected: MOST_ORDERS,
  });
  const ids: string[] = [];
  for await (const { orderId } of query) {
    ids.push(String(orderId));
    if (ids.length === MOST_ORDERS) break;
  }
  const items = await table.batchGet(ids.map((id) => orderEntity.key(id)));
  return items
    .map((item) => storedFrom<OrderRecord>(item))
    .filter(isWanted)
    .flatMap(orderEntries);
};

export const visibleTo =
  (viewer: Viewer) =>
  (order: OrderRecord): boolean =>
    seesOrder(viewer, order);

/** The merges that made the account what it is, 50 at most. */
export const mergeEntriesOf = async (
  table: Table,
  { mergedFrom = [] }: Pick<Account, 'mergedFrom'>,
): Promise<readonly PlacedEntry[]> => {
  const items = await table.batchGet(mergedFrom.map(({ mergeId }) => accountMergeEntity.key(mergeId)));
  return items.map((item) => mergeEntry(storedFrom<AccountMerge>(item)));
};

/** More deals than that an account rarely has: open ones come first, then those that closed last. */
const MOST_DEALS = 500;

/** The account's deals, as the index has them. */
export const dealsOf = async (table: Table, accountId: string): Promise<readonly Stored<Deal>[]> => {
  const deals: Stored<Deal>[] = [];
  for (const status of ['open', 'won', 'lost']) {
    const { items } = await table.query({
      index: 'gsi2',
      pk: dealsOfAccount(accountId),
      skPrefix: `${status}#`,
      descending: status !== 'open',
      limit: MOST_DEALS - deals.length,
    });
    deals.push(...items.map((item) => storedFrom<Deal>(item)));
    if (deals.length >= MOST_DEALS) break;
  }
  return deals;
};
