import { newer } from '../dynamodb/expressions.ts';
import type { Key } from '../dynamodb/item.ts';
import type { Table, TableQuery } from '../dynamodb/table.ts';
import { ConditionFailed } from '../dynamodb/write-errors.ts';
import { droppedBeside, type Outcome } from '../events/outcome.ts';
import type { MemberState, OrganizationState, TeamState, TerritoryState } from '../events/team.ts';
import type { MemberId, TeamId, TerritoryId } from '../ids/id.ts';
import type { Day } from '../time/instant.ts';
import {
  directoryItem,
  directoryKey,
  emailIndexKey,
  listKeys,
  organizationKey,
  type ToldOfDirectory,
} from './items.ts';
import { emailKey, nameKey } from './name-key.ts';
import { defaultOrganization } from './organization.ts';
import { managerOf, teamOnDay, teamPath, teamSubtree, territoryPath } from './rules.ts';
import { DirectorySnapshot } from './snapshot.ts';

/** Keeps what the event tells, unless that or something newer is kept already. */
export const storeDirectoryEvent = async (table: Table, event: ToldOfDirectory): Promise<Outcome> => {
  try {
    await table.put(directoryItem(event), newer(event.metadata));
    return 'done';
  } catch (error) {
    if (error instanceof ConditionFailed) return droppedBeside(event.metadata, error.existing.get(0));
    throw error;
  }
};

const byId = <Id, T extends { readonly id: Id }>(items: readonly T[]): ReadonlyMap<Id, T> =>
  new Map(items.map((item) => [item.id, item]));

/**
 * A service's own copy of the organization, its members, teams and territories, kept from team's events. Single look-ups
 * read one item; whoever asks for many takes a snapshot.
 */
export class Directory {
  readonly #table: Table;
  readonly #elapsed: () => number;
  #kept: { readonly at: number; readonly snapshot: Promise<DirectorySnapshot> } | undefined;

  /** `elapsed` is a clock of milliseconds that never goes back; it tells how old a kept snapshot is. */
  constructor(table: Table, { elapsed = () => performance.now() }: { readonly elapsed?: () => number } = {}) {
    this.#table = table;
    this.#elapsed = elapsed;
  }

  /** The defaults until team has told its settings. */
  async organization(): Promise<OrganizationState> {
    return (await this.#get<OrganizationState>(organizationKey)) ?? defaultOrganization;
  }

  async member(id: MemberId): Promise<MemberState | undefined> {
    return this.#get(directoryKey('member', id));
  }

  async memberByEmail(email: string): Promise<MemberState | undefined> {
    const found = await this.#query<MemberState>({ index: 'gsi2', pk: emailIndexKey(email) });
    return found.find((member) => member.email !== undefined && emailKey(member.email) === emailKey(email));
  }

  async membersNamed(name: string): Promise<readonly MemberState[]> {
    const key = nameKey(name);
    return this.#query<MemberState>({ index: 'gsi1', pk: listKeys.member, skFrom: key, skTo: key });
  }

  async team(id: TeamId): Promise<TeamState | undefined> {
    return this.#get(directoryKey('team', id));
  }

  /** By name. */
  async teams(): Promise<readonly TeamState[]> {
    return this.#query({ index: 'gsi1', pk: listKeys.team });
  }

  async territory(id: TerritoryId): Promise<TerritoryState | undefined> {
    return this.#get(directoryKey('territory', id));
  }

  /** By name. */
  async territories(): Promise<readonly TerritoryState[]> {
    return this.#query({ index: 'gsi1', pk: listKeys.territory });
  }

  /** The member's team on `day`; before the first membership, that first one counts. */
  teamOf(member: Pick<MemberState, 'memberships'>, day: Day): TeamId | undefined {
    return teamOnDay(member.memberships, day);
  }

  /** The team first, then its ancestors. */
  async teamPath(id: TeamId): Promise<TeamId[]> {
    return teamPath(byId(await this.teams()), id);
  }

  /** The territory first, then its ancestors. */
  async territoryPath(id: TerritoryId): Promise<TerritoryId[]> {
    return territoryPath(byId(await this.territories()), id);
  }

  /** The team and every team below it, the team first. */
  async subtree(id: TeamId): Promise<TeamId[]> {
    return teamSubtree(byId(await this.teams()), id);
  }

  /** The manager of the member's team on `day`, or of the nearest team above that has another, present one. */
  async managerOf(id: MemberId, day: Day): Promise<MemberId | undefined> {
    const [member, teams] = await Promise.all([this.member(id), this.teams()]);
    const managers = await Promise.all(
      teams.flatMap(({ managerId }) => (managerId === undefined ? [] : [this.member(managerId)])),
    );
    const members = [member, ...managers].filter((each) => each !== undefined);
    return managerOf({ members: byId(members), teams: byId(teams) }, id, day);
  }

  /**
   * Everything at once. A snapshot taken within the last `maxAgeSeconds` (0 unless given) is handed out again: whoever
   * misses someone in an older one should look again with 0 before giving up.
   */
  async snapshot({
    maxAgeSeconds = 0,
  }: { readonly maxAgeSeconds?: number } = {}): Promise<DirectorySnapshot> {
    const now = this.#elapsed();
    if (this.#kept !== undefined && now - this.#kept.at < maxAgeSeconds * 1000) return this.#kept.snapshot;
    const snapshot = this.#load();
    this.#kept = { at: now, snapshot };
    // One that failed to load is not handed out again.
    snapshot.catch(() => (this.#kept = undefined));
    return snapshot;
  }

  async #load(): Promise<DirectorySnapshot> {
    const [organization, members, teams, territories] = await Promise.all([
      this.organization(),
      this.#query<MemberState>({ index: 'gsi1', pk: listKeys.member }),
      this.teams(),
      this.territories(),
    ]);
    return new DirectorySnapshot({ organization, members, teams, territories });
  }

  // Only validated states are written under the directory's keys: what is read there is trusted.
  async #get<T>(key: Key): Promise<T | undefined> {
    const item = await this.#table.get(key);
    return item?.data as T | undefined;
  }

  async #query<T>(query: TableQuery): Promise<T[]> {
    const { items } = await this.#table.query(query);
    return items.map(({ data }) => data as T);
  }
}
