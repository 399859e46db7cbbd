import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ActivityKind } from '../../../shared/events/activities.ts';
import type { AccountId, ContactId, DealId, LeadId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { type Activity, momentOf } from '../domain/activities/activity.ts';
import { activitiesOf, activitiesOfAccount, pointerPrefix } from './entity.ts';

type SubjectId = DealId | ContactId | LeadId;

/**
 * When the latest activity of each kind that was done happened, read consistently: an activity that was just logged is among
 * them. One small query per kind, however many activities there are.
 */
export const latestByKind = async (
  table: Table,
  subjectId: SubjectId,
): Promise<ReadonlyMap<ActivityKind, Instant>> => {
  const latest = await Promise.all(
    ActivityKind.options.map(async (kind) => {
      const skPrefix = pointerPrefix('done', kind);
      const { items } = await table.query({
        pk: activitiesOf(subjectId),
        skPrefix,
        descending: true,
        limit: 1,
      });
      const [at] = items.map(({ sk }) => Instant.parse(String(sk).slice(skPrefix.length).split('#')[0]));
      return at === undefined ? [] : [[kind, at] as const];
    }),
  );
  return new Map(latest.flat());
};

/** The kinds of activities that were done on a deal: what exit criteria of stages ask for. */
export const activityKindsOf = async (table: Table, dealId: DealId): Promise<ReadonlySet<ActivityKind>> =>
  new Set((await latestByKind(table, dealId)).keys());

/** When something was last done on the deal; undefined where nothing was. */
export const lastActivityOfDeal = async (table: Table, dealId: DealId): Promise<Instant | undefined> =>
  [...(await latestByKind(table, dealId)).values()].toSorted().at(-1);

/** When something was last done with the account or on its deals; undefined where nothing was. By an index, a moment behind. */
export const lastActivityOfAccount = async (
  table: Table,
  accountId: AccountId,
): Promise<Instant | undefined> => {
  const { items } = await table.query({
    index: 'gsi2',
    pk: activitiesOfAccount(accountId),
    skPrefix: 'done#',
    descending: true,
    limit: 1,
  });
  const [latest] = items.map((item) => momentOf(storedFrom<Activity>(item)));
  return latest;
};
