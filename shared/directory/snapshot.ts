import type { MemberState, OrganizationState, TeamState, TerritoryState } from '../events/team.ts';
import type { MemberId, TeamId, TerritoryId } from '../ids/id.ts';
import type { Day } from '../time/instant.ts';
import { emailKey, nameKey } from './name-key.ts';
import { defaultOrganization } from './organization.ts';
import { managerOf, teamOnDay, teamPath, teamSubtree, territoryPath } from './rules.ts';

export interface DirectoryContents {
  readonly organization?: OrganizationState | undefined;
  readonly members?: readonly MemberState[];
  readonly teams?: readonly TeamState[];
  readonly territories?: readonly TerritoryState[];
}

const byId = <Id, T extends { readonly id: Id }>(items: readonly T[] = []): ReadonlyMap<Id, T> =>
  new Map(items.map((item) => [item.id, item]));

/** The whole directory in memory, as it was at one moment. Departed members are in it, with their status. */
export class DirectorySnapshot {
  readonly organization: OrganizationState;
  private readonly membersById: ReadonlyMap<MemberId, MemberState>;
  private readonly teamsById: ReadonlyMap<TeamId, TeamState>;
  private readonly territoriesById: ReadonlyMap<TerritoryId, TerritoryState>;
  private readonly membersByEmail: ReadonlyMap<string, MemberState>;
  private readonly membersByName: ReadonlyMap<string, readonly MemberState[]>;

  constructor(contents: DirectoryContents = {}) {
    this.organization = contents.organization ?? defaultOrganization;
    this.membersById = byId(contents.members);
    this.teamsById = byId(contents.teams);
    this.territoriesById = byId(contents.territories);
    this.membersByEmail = new Map(
      this.members().flatMap((member) =>
        member.email === undefined ? [] : [[emailKey(member.email), member]],
      ),
    );
    this.membersByName = Map.groupBy(this.members(), (member) => nameKey(member.name));
  }

  members(): readonly MemberState[] {
    return [...this.membersById.values()];
  }

  member(id: MemberId): MemberState | undefined {
    return this.membersById.get(id);
  }

  memberByEmail(email: string): MemberState | undefined {
    return this.membersByEmail.get(emailKey(email));
  }

  /** More than one where people share a name; case and doubled spaces don't matter. */
  membersNamed(name: string): readonly MemberState[] {
    return this.membersByName.get(nameKey(name)) ?? [];
  }

  teams(): readonly TeamState[] {
    return [...this.teamsById.values()];
  }

  team(id: TeamId): TeamState | undefined {
    return this.teamsById.get(id);
  }

  territories(): readonly TerritoryState[] {
    return [...this.territoriesById.values()];
  }

  territory(id: TerritoryId): TerritoryState | undefined {
    return this.territoriesById.get(id);
  }

  /** The member's team on `day`; before the first membership, that first one counts. */
  teamOf(member: Pick<MemberState, 'memberships'>, day: Day): TeamId | undefined {
    return teamOnDay(member.memberships, day);
  }

  /** The team first, then its ancestors. */
  teamPath(id: TeamId): TeamId[] {
    return teamPath(this.teamsById, id);
  }

  /** The territory first, then its ancestors. */
  territoryPath(id: TerritoryId): TerritoryId[] {
    return territoryPath(this.territoriesById, id);
  }

  /** The manager of the member's team on `day`, or of the nearest team above that has another, present one. */
  managerOf(id: MemberId, day: Day): MemberId | undefined {
    return managerOf({ members: this.membersById, teams: this.teamsById }, id, day);
  }

  /** The team and every team below it, the team first. */
  subtree(id: TeamId): TeamId[] {
    return teamSubtree(this.teamsById, id);
  }
}
