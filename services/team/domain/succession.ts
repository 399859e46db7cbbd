import { Conflict } from '../../../shared/errors/errors.ts';
import type { MemberState, TeamState, TerritoryState } from '../../../shared/events/team.ts';
import type { MemberId } from '../../../shared/ids/id.ts';

/**
 * The teams that the departing member manages, managed by the heir from now on. Throws Conflict naming them unless the heir
 * is a manager or an admin: a team stays without a manager only where someone says so.
 */
export const teamsPassed = <Team extends TeamState>(
  managed: readonly Team[],
  heir: Pick<MemberState, 'id' | 'role'> | undefined,
): Team[] => {
  if (managed.length === 0) return [];
  if (heir === undefined || heir.role === 'rep') {
    const named = managed.map(({ id, name }) => `${name} (${id})`).join(', ');
    throw new Conflict(
      `The member manages ${named}. Name a manager or an admin in reassignTo, or give these teams another manager first.`,
    );
  }
  return managed.map((team) => ({ ...team, managerId: heir.id }));
};

/** The territory without the departing member: the heir has the place as owner and manager, or nobody has. */
export const territoryPassed = <Territory extends TerritoryState>(
  territory: Territory,
  from: MemberId,
  heirId: MemberId | undefined,
): Territory => {
  const owners = territory.ownerIds.flatMap((id) => (id === from ? (heirId ?? []) : id));
  return {
    ...territory,
    ownerIds: [...new Set(owners)],
    ...(territory.managerId === from && { managerId: heirId }),
  };
};
