import { maySee, type Viewer } from '../../../shared/auth/visibility.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { MemberState } from '../../../shared/events/team.ts';
import type { TeamId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { Deal } from '../domain/deal.ts';
import { type DealFilter, matches, type Status, statusesOf } from '../domain/deal-filter.ts';
import type { PipelineBook } from '../domain/pipeline-book.ts';
import { dealsOfAccount, dealsOfOwner, dealSortKey, NO_DAY } from './entities.ts';
import { type KeyRange, mergedQuery } from './merged-query.ts';

/** After this many deals that don't match, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;
/** After everything that a sort key can go on with. */
const END = '\uffff';

export interface DealPage {
  readonly items: readonly Stored<Deal>[];
  /** Sort key of the last deal that was looked at, if there may be more. */
  readonly after?: string;
}

export interface DealQuery {
  readonly filter: DealFilter;
  readonly teamId?: TeamId | undefined;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: string | undefined;
}

/** Lists deals from the indexes by owner and by account: open ones by expected close, then closed ones, latest first. */
export class DealList {
  readonly #table: Table;
  readonly #viewer: Viewer;
  readonly #directory: DirectorySnapshot;
  readonly #pipelines: PipelineBook;
  readonly #now: Instant;

  constructor({
    table,
    viewer,
    directory,
    pipelines,
    now,
  }: {
    readonly table: Table;
    readonly viewer: Viewer;
    readonly directory: DirectorySnapshot;
    readonly pipelines: PipelineBook;
    readonly now: Instant;
  }) {
    this.#table = table;
    this.#viewer = viewer;
    this.#directory = directory;
    this.#pipelines = pipelines;
    this.#now = now;
  }

  async page({ filter, teamId, limit, after }: DealQuery): Promise<DealPage> {
    const owners = new Set(this.#owners(filter, teamId).map(({ id }) => id));
    const partitions = filter.accountId ? [dealsOfAccount(filter.accountId)] : [...owners].map(dealsOfOwner);
    const index = filter.accountId ? 'gsi2' : 'gsi1';
    const items: Stored<Deal>[] = [];
    let examined = 0;
    for (const status of statusesFrom(statusesOf(filter), after)) {
      const descending = status !== 'open';
      const range = rangeOf(status, filter, after);
      const merged = { table: this.#table, index, partitions, range, descending, expected: limit } as const;
      for await (const item of mergedQuery(merged)) {
        const deal = storedFrom<Deal>(item);
        const key = dealSortKey(deal);
        if (key === after) continue;
        const last = items.at(-1);
        // One more than asked for has shown that there is a next page.
        if (items.length === limit && last !== undefined) return { items, after: dealSortKey(last) };
        if (owners.has(deal.ownerId) && matches(deal, filter, { pipelines: this.#pipelines, now: this.#now }))
          items.push(deal);
        examined += 1;
        if (examined >= MAX_EXAMINED) return { items, after: key };
      }
    }
    return { items };
  }

  /** The members whose deals are asked for, and may be seen. */
  #owners({ ownerId }: DealFilter, teamId: TeamId | undefined): readonly MemberState[] {
    const directory = this.#directory;
    const today = dayOf(this.#now, directory.organization.timeZone);
    const teams = teamId && new Set(directory.subtree(teamId));
    return directory.members().filter((member) => {
      const team = directory.teamOf(member, today);
      const isWanted =
        (ownerId === undefined || member.id === ownerId) &&
        (teams === undefined || (team !== undefined && teams.has(team)));
      return isWanted && maySee(this.#viewer, { ownerId: member.id, teamId: team });
    });
  }
}

/** The statuses that are still to come after a cursor's. */
const statusesFrom = (statuses: readonly Status[], after: string | undefined): readonly Status[] =>
  statuses.slice(
    Math.max(
      0,
      statuses.findIndex((status) => after?.startsWith(`${status}#`)),
    ),
  );

/** A deal without an expected close is in no range of them. */
const lastExpected = ({ expectedFrom, expectedTo }: DealFilter): string => {
  if (expectedTo !== undefined) return `${expectedTo}#${END}`;
  return expectedFrom === undefined ? END : NO_DAY;
};

const rangeOf = (status: Status, filter: DealFilter, after: string | undefined): KeyRange => {
  const [from, to] =
    status === 'open'
      ? [filter.expectedFrom ?? '', lastExpected(filter)]
      : [filter.closedFrom ?? '', filter.closedBefore ?? END];
  const whole = { from: `${status}#${from}`, to: `${status}#${to}` };
  if (after?.startsWith(`${status}#`) !== true) return whole;
  return status === 'open' ? { ...whole, from: after } : { ...whole, to: after };
};
