import type { Place } from '../auth/visibility.ts';
import type { MemberId } from '../ids/id.ts';
import type { Day } from '../time/instant.ts';
import type { DirectorySnapshot } from './snapshot.ts';

/** Where the member stands on `day`, for the access rules; undefined for someone unknown. */
export const placeOf = (directory: DirectorySnapshot, id: MemberId, day: Day): Place | undefined => {
  const member = directory.member(id);
  if (member === undefined) return undefined;
  const managed = directory.teams().filter(({ managerId }) => managerId === id);
  return {
    status: member.status,
    teamId: directory.teamOf(member, day),
    managedTeams: new Set(managed.flatMap((team) => directory.subtree(team.id))),
  };
};
