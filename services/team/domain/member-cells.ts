import { teamOnDay } from '../../../shared/directory/rules.ts';
import type { MemberState, TeamState } from '../../../shared/events/team.ts';
import type { Cells } from '../../../shared/exports/kind.ts';
import type { TeamId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';

/** The member as a file has it on a day: in the team of that day, and in the first of several territories. */
export const memberCells = (
  member: MemberState,
  { team, today }: { readonly team: (id: TeamId) => TeamState | undefined; readonly today: Day },
): Cells => {
  const teamId = teamOnDay(member.memberships, today);
  return {
    id: member.id,
    name: member.name,
    email: member.email,
    role: member.role,
    status: member.status,
    team: teamId,
    manager: teamId && team(teamId)?.managerId,
    territory: member.territoryIds[0],
    startedOn: member.startedOn,
  };
};
