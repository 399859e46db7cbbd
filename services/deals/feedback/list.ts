import { maySee, type Viewer } from '../../../shared/auth/visibility.ts';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { FeedbackKind } from '../../../shared/events/feedback.ts';
import type { AccountId, MemberId, StoreId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { inChunks } from '../activities/merged-streams.ts';
import type { Subjects } from '../activities/subjects.ts';
import type { Feedback } from '../domain/feedback.ts';
import { feedbackOfAccount, feedbackOfStore, feedbackSortKey } from '../store/feedback.ts';
import { mergedQuery } from '../store/merged-query.ts';

/** After this many that aren't wanted, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;
const END = '\uffff';

export interface FeedbackFilter {
  readonly accountId?: AccountId | undefined;
  readonly storeId?: StoreId | undefined;
  readonly ownerId?: MemberId | undefined;
  readonly kind?: FeedbackKind | undefined;
  readonly from?: Instant | undefined;
  /** Excluded. */
  readonly before?: Instant | undefined;
}

/** For each, whether the viewer may see it: as its deal; one of an order as whoever it counts for; all else by anyone. */
export const visibleFeedback = async (
  feedback: readonly Feedback[],
  { viewer, subjects }: { readonly viewer: Viewer; readonly subjects: Subjects },
): Promise<readonly boolean[]> => {
  const deals = await subjects.areVisible(feedback.map(({ dealId }) => ({ dealId })));
  return feedback.map(({ dealId, orderId, ownerId, teamPath }, index) =>
    dealId === undefined && orderId !== undefined
      ? maySee(viewer, { ownerId, teamId: teamPath[0] })
      : deals[index] === true,
  );
};

const isAsked = (feedback: Feedback, { accountId, storeId, ownerId, kind }: FeedbackFilter): boolean =>
  (accountId === undefined || feedback.accountId === accountId) &&
  (storeId === undefined || feedback.storeId === storeId) &&
  (ownerId === undefined || feedback.ownerId === ownerId) &&
  (kind === undefined || feedback.kind === kind);

/** A page of answers, the latest first. */
export const feedbackPage = async (
  {
    filter,
    limit,
    after,
  }: { readonly filter: FeedbackFilter; readonly limit: number; readonly after?: string | undefined },
  {
    table,
    viewer,
    subjects,
    stores,
  }: {
    readonly table: Table;
    readonly viewer: Viewer;
    readonly subjects: Subjects;
    /** All there are. */
    readonly stores: () => Promise<readonly StoreId[]>;
  },
): Promise<{ readonly items: readonly Stored<Feedback>[]; readonly after?: string }> => {
  const { accountId, storeId, from, before } = filter;
  const partitions =
    accountId !== undefined
      ? [feedbackOfAccount(accountId)]
      : storeId !== undefined
        ? [feedbackOfStore(storeId)]
        : [undefined, ...(await stores())].map(feedbackOfStore);
  const query = mergedQuery({
    table,
    index: accountId === undefined ? 'gsi1' : 'gsi2',
    partitions,
    range: { from: from ?? '', to: after ?? before ?? END },
    descending: true,
    expected: limit,
  });
  const items: Stored<Feedback>[] = [];
  let examined = 0;
  let last: string | undefined;
  for await (const chunk of inChunks(query, limit)) {
    const found = chunk.map((item) => storedFrom<Feedback>(item));
    const visible = await visibleFeedback(found, { viewer, subjects });
    for (const [index, feedback] of found.entries()) {
      const key = feedbackSortKey(feedback);
      if (key === after) continue;
      const isWanted = visible[index] === true && isAsked(feedback, filter);
      if ((isWanted && items.length === limit) || examined === MAX_EXAMINED)
        return { items, ...(last !== undefined && { after: last }) };
      if (isWanted) items.push(feedback);
      examined += 1;
      last = key;
    }
  }
  return { items };
};
