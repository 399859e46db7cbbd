import type { MemberState, Membership, TeamState, TerritoryState } from '../events/team.ts';
import type { MemberId, TeamId, TerritoryId } from '../ids/id.ts';
import type { Day } from '../time/instant.ts';

/**
 * The team of the membership that holds on `day`: the latest that has begun. Before the first one began, that first one
 * counts. Undefined for someone who never had a team.
 */
export const teamOnDay = (memberships: readonly Membership[], day: Day): TeamId | undefined => {
  const byFrom = memberships.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return (byFrom.findLast((membership) => membership.from <= day) ?? byFrom[0])?.teamId;
};

/** `start`, then its parent, and so on to the root. Ends where a parent is unknown, or where a cycle closes. */
const pathUp = <Id>(start: Id, parentOf: (id: Id) => Id | undefined): Id[] => {
  const path = new Set<Id>();
  for (let id: Id | undefined = start; id !== undefined && !path.has(id); id = parentOf(id)) path.add(id);
  return [...path];
};

export const teamPath = (teams: ReadonlyMap<TeamId, TeamState>, start: TeamId): TeamId[] =>
  pathUp(start, (id) => teams.get(id)?.parentTeamId);

export const territoryPath = (
  territories: ReadonlyMap<TerritoryId, TerritoryState>,
  start: TerritoryId,
): TerritoryId[] => pathUp(start, (id) => territories.get(id)?.parentTerritoryId);

/** The team and every team below it, the team first. A cycle yields each team once. */
export const teamSubtree = (teams: ReadonlyMap<TeamId, TeamState>, root: TeamId): TeamId[] => {
  const children = Map.groupBy(teams.values(), (team) => team.parentTeamId);
  const found = new Set([root]);
  // A set iterates over what is added meanwhile: this walks the tree in breadth.
  for (const id of found) for (const child of children.get(id) ?? []) found.add(child.id);
  return [...found];
};

/**
 * Who manages the member on `day`: the manager of the member's team, or of the nearest team above it where that is the
 * member's own self, nobody, or someone who has departed. Undefined at the top.
 */
export const managerOf = (
  directory: {
    readonly members: ReadonlyMap<MemberId, MemberState>;
    readonly teams: ReadonlyMap<TeamId, TeamState>;
  },
  memberId: MemberId,
  day: Day,
): MemberId | undefined => {
  const member = directory.members.get(memberId);
  const team = member === undefined ? undefined : teamOnDay(member.memberships, day);
  if (team === undefined) return undefined;
  return teamPath(directory.teams, team)
    .map((id) => directory.teams.get(id)?.managerId)
    .find((id) => id !== undefined && id !== memberId && directory.members.get(id)?.status !== 'departed');
};
