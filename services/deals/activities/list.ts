import { maySee, type Viewer } from '../../../shared/auth/visibility.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { ActivityKind, ActivityStatus } from '../../../shared/events/activities.ts';
import type { MemberId, TeamId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { type Activity, isOverdue } from '../domain/activities/activity.ts';
import { type Activities } from './activities.ts';
import { inChunks } from './merged-streams.ts';
import type { About } from './subjects.ts';
import { type ActivityStream, END, ofAccounts, ofOwners, ofSubject } from './streams.ts';

/** After this many that don't match, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;

export interface ActivityFilter extends About {
  readonly ownerId?: MemberId | undefined;
  readonly teamId?: TeamId | undefined;
  readonly kind?: ActivityKind | undefined;
  readonly status?: ActivityStatus | undefined;
  readonly overdue?: boolean | undefined;
  readonly dueFrom?: Day | undefined;
  readonly dueTo?: Day | undefined;
}

export interface ActivityPage {
  readonly items: readonly Stored<Activity>[];
  /** Key of the last activity that was looked at, if there may be more. */
  readonly after?: string;
}

interface Surroundings {
  readonly table: Table;
  readonly viewer: Viewer;
  readonly directory: DirectorySnapshot;
  readonly activities: Activities;
  readonly today: Day;
}

const about = ['accountId', 'contactId', 'leadId', 'dealId'] as const;

const statusesOf = ({ status, overdue, dueFrom, dueTo }: ActivityFilter): readonly ActivityStatus[] => {
  const possible: readonly ActivityStatus[] = status === undefined ? ['planned', 'done'] : [status];
  const onlyPlanned = overdue === true || dueFrom !== undefined || dueTo !== undefined;
  return possible.filter((each) => each === 'planned' || !onlyPlanned);
};

/** The members whose activities are asked for. Without an owner or team, those whose records the caller may see. */
const ownersOf = (
  { ownerId, teamId }: ActivityFilter,
  { directory, viewer, today }: Surroundings,
): readonly MemberId[] => {
  if (ownerId !== undefined && teamId === undefined) return [ownerId];
  const teams = teamId && new Set(directory.subtree(teamId));
  return directory
    .members()
    .filter((member) => {
      const team = directory.teamOf(member, today);
      if (ownerId !== undefined && member.id !== ownerId) return false;
      if (teams !== undefined) return team !== undefined && teams.has(team);
      return maySee(viewer, { ownerId: member.id, teamId: team });
    })
    .map(({ id }) => id);
};

const matches = (
  activity: Activity,
  filter: ActivityFilter,
  owners: ReadonlySet<string> | undefined,
  today: Day,
): boolean => {
  const { dueOn } = activity;
  return (
    (filter.kind === undefined || activity.kind === filter.kind) &&
    (owners === undefined || owners.has(activity.ownerId)) &&
    about.every((field) => filter[field] === undefined || activity[field] === filter[field]) &&
    (filter.overdue === undefined || isOverdue(activity, today) === filter.overdue) &&
    (filter.dueFrom === undefined || (dueOn !== undefined && dueOn >= filter.dueFrom)) &&
    (filter.dueTo === undefined || (dueOn !== undefined && dueOn <= filter.dueTo))
  );
};

/** The range of days that planned activities lie in under their owner. */
const dueRange = ({ overdue, dueFrom, dueTo }: ActivityFilter, today: Day) => {
  const last = overdue === true && (dueTo === undefined || dueTo > today) ? today : dueTo;
  return { from: dueFrom ?? '', to: last === undefined ? END : `${last}#${END}` };
};

/**
 * A page of activities: planned ones first, then those that are done, the latest first. Planned ones of owners come by the
 * day they are due, those of a subject the latest first.
 */
export const activityPage = async (
  {
    filter,
    limit,
    after,
  }: { readonly filter: ActivityFilter; readonly limit: number; readonly after?: string | undefined },
  surroundings: Surroundings,
): Promise<ActivityPage> => {
  const { table, activities, today } = surroundings;
  const subject = filter.dealId ?? filter.leadId ?? filter.contactId;
  const bySubject = subject !== undefined || filter.accountId !== undefined;
  const owners =
    bySubject && filter.ownerId === undefined && filter.teamId === undefined
      ? undefined
      : new Set(ownersOf(filter, surroundings));

  const streamOf = (status: ActivityStatus): ActivityStream => {
    const from = after?.startsWith(`${status}#`) === true ? after.slice(status.length + 1) : undefined;
    const latestFirst = { from: '', to: from ?? END };
    const base = { status, expected: limit };
    if (subject !== undefined)
      return ofSubject(table, subject, { ...base, range: latestFirst, kind: filter.kind });
    if (filter.accountId !== undefined)
      return ofAccounts(table, [filter.accountId], { ...base, range: latestFirst });
    const due = dueRange(filter, today);
    const range = status === 'done' ? latestFirst : { ...due, from: from ?? due.from };
    return ofOwners(table, [...(owners ?? [])], { ...base, range });
  };

  const items: Stored<Activity>[] = [];
  let examined = 0;
  let last = after;
  const statuses = statusesOf(filter).filter(
    (status) => after === undefined || status === 'done' || after.startsWith('planned#'),
  );
  for (const status of statuses)
    for await (const chunk of inChunks(streamOf(status), limit)) {
      const matching = chunk.map(({ activity }) => matches(activity, filter, owners, today));
      const visible = await activities.areVisible(chunk.map(({ activity }) => activity));
      for (const [index, { key, activity }] of chunk.entries()) {
        if (key === after) continue;
        const isWanted = matching[index] === true && visible[index] === true;
        if ((isWanted && items.length === limit) || examined === MAX_EXAMINED)
          return { items, ...(last !== undefined && { after: last }) };
        if (isWanted) items.push(activity);
        examined += 1;
        last = key;
      }
    }
  return { items };
};
