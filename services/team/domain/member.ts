import { Conflict, InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { teamOnDay } from '../../../shared/directory/rules.ts';
import type { MemberState, Role } from '../../../shared/events/team.ts';
import type { MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';

export interface NewMember {
  readonly id: MemberId;
  readonly name: string;
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
  readonly teamId?: TeamId | undefined;
  readonly territoryIds?: readonly TerritoryId[] | undefined;
  readonly startedOn?: Day | undefined;
  readonly rampMonths?: number | undefined;
  readonly capacity?: number | undefined;
}

/** An active member, whose membership in the team begins on the first day, or `today` if that is not known. */
export const makeMember = (input: NewMember, today: Day): MemberState => ({
  id: input.id,
  name: input.name,
  ...(input.email === undefined ? {} : { email: input.email }),
  role: input.role ?? 'rep',
  status: 'active',
  memberships: input.teamId === undefined ? [] : [{ teamId: input.teamId, from: input.startedOn ?? today }],
  territoryIds: [...(input.territoryIds ?? [])],
  ...(input.startedOn === undefined ? {} : { startedOn: input.startedOn }),
  rampMonths: input.rampMonths ?? 0,
  ...(input.capacity === undefined ? {} : { capacity: input.capacity }),
});

/** Throws InvalidTransition for someone who has departed. */
export const assertActive = ({ id, status }: MemberState, what: string): void => {
  if (status !== 'active') throw new InvalidTransition(`${id} has departed and can’t be ${what}.`);
};

/** The memberships after moving to a team from a day on: earlier ones stay, what was planned from that day on goes. */
export const joined = (
  memberships: MemberState['memberships'],
  teamId: TeamId,
  from: Day,
): MemberState['memberships'] => [...memberships.filter((each) => each.from < from), { teamId, from }];

/**
 * Moves the member to a team from `effectiveOn` on. Throws Unprocessable for a day in the past, where credit has been
 * given already; a first team may be joined from any day. Throws Conflict if the member is in that team on that day.
 */
export const transferMember = <Member extends MemberState>(
  member: Member,
  { teamId, effectiveOn }: { readonly teamId: TeamId; readonly effectiveOn: Day },
  today: Day,
): Member => {
  assertActive(member, 'transferred');
  if (effectiveOn < today && member.memberships.length > 0) {
    throw new Unprocessable(`A transfer can’t be effective before today, ${today}.`, [
      { path: '/effectiveOn', message: `must be ${today} or later` },
    ]);
  }
  if (teamOnDay(member.memberships, effectiveOn) === teamId) {
    throw new Conflict(`${member.id} is in ${teamId} on ${effectiveOn} already.`);
  }
  return { ...member, memberships: joined(member.memberships, teamId, effectiveOn) };
};

/** Marks the member as departed. Throws Unprocessable for a day in the future, InvalidTransition for a second time. */
export const departMember = <Member extends MemberState>(member: Member, on: Day, today: Day): Member => {
  assertActive(member, 'departed again');
  if (on > today) {
    throw new Unprocessable(`A departure is recorded when it has come; today is ${today}.`, [
      { path: '/on', message: `must be ${today} or earlier` },
    ]);
  }
  return { ...member, status: 'departed', departedOn: on };
};
