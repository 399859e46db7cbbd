import { emailKey, nameKey } from '../../../shared/directory/name-key.ts';
import { teamOnDay } from '../../../shared/directory/rules.ts';
import { type MemberState, Role, type TeamState, type TerritoryState } from '../../../shared/events/team.ts';
import { saysNoMoreThan } from '../../../shared/exports/says-no-more.ts';
import { derivedId, MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import { changedFields } from '../../../shared/imports/changed-fields.ts';
import type { ImportRow, RowOutcome } from '../../../shared/imports/kind.ts';
import { Day } from '../../../shared/time/instant.ts';
import { memberCells } from './member-cells.ts';
import { joined, makeMember } from './member.ts';
import type { MemberField } from './member-kind.ts';
import { Email, NameCell } from './name.ts';
import type { Roster } from './roster.ts';
import { parseCell, RowRefused, target, type Target } from './row.ts';

export interface MemberImportOptions {
  readonly createMissing: ReadonlySet<string>;
  /** Where the organization is: memberships without a first day begin now. */
  readonly today: Day;
}

interface Plan {
  readonly isById: boolean;
  readonly name: string;
  readonly email: string | undefined;
  readonly role: Role | undefined;
  readonly startedOn: Day | undefined;
  readonly self: MemberState | undefined;
  readonly territory: Target<TerritoryState> | undefined;
  readonly team: Target<TeamState> | undefined;
  /** `self` for someone whose manager is given as themselves. */
  readonly manager: Target<MemberState> | 'self' | undefined;
}

/** The same name or address makes the same member, however often it comes. */
const memberIdOf = (name: string, email: string | undefined): MemberId =>
  email === undefined
    ? derivedId(MemberId, 'name', nameKey(name))
    : derivedId(MemberId, 'email', emailKey(email));

/** The one that the row has the id of, if it has one. Throws RowRefused where there is none. */
const byIdOf = (roster: Roster, row: ImportRow<MemberField>): MemberState | undefined => {
  const id = optional(row, 'id', (cell) => parseCell('id', MemberId, cell));
  if (id === undefined) return undefined;
  const member = roster.members.get(id);
  if (member === undefined) throw new RowRefused('id', `there is no member “${id}”`);
  return member;
};

/** The row's own member: the one with its e-mail address, else the one of its name who has no other address. */
const findSelf = (roster: Roster, name: string, email: string | undefined): MemberState | undefined => {
  const withEmail = email === undefined ? undefined : roster.members.find(email)[0];
  if (withEmail !== undefined) return withEmail;
  const named = roster.members.find(name).filter((each) => email === undefined || each.email === undefined);
  if (named.length > 1) {
    throw new RowRefused(
      'name',
      `${String(named.length)} members are named “${name}”; give the e-mail address`,
    );
  }
  return named[0] ?? roster.members.get(memberIdOf(name, email));
};

const teamIdOf = (name: string): TeamId => derivedId(TeamId, 'name', nameKey(name));
const territoryIdOf = (name: string): TerritoryId => derivedId(TerritoryId, 'name', nameKey(name));

const optional = <T>(
  row: ImportRow<MemberField>,
  field: MemberField,
  parse: (cell: string) => T,
): T | undefined => {
  const cell = row.cells[field];
  return cell === undefined ? undefined : parse(cell);
};

/** Checks all of the row before anything is done. Throws RowRefused. */
const plan = (roster: Roster, row: ImportRow<MemberField>, { createMissing }: MemberImportOptions): Plan => {
  const { cells } = row;
  const name = parseCell('name', NameCell, cells.name ?? '');
  const email = optional(row, 'email', (cell) => parseCell('email', Email, cell));
  const role = optional(row, 'role', (cell) => parseCell('role', Role, cell.toLowerCase()));
  const startedOn = optional(row, 'startedOn', (cell) => parseCell('startedOn', Day, cell));
  const self = byIdOf(roster, row) ?? findSelf(roster, name, email);
  if (self?.status === 'departed') throw new RowRefused('name', `${name} has departed`);
  // A file from another system knows no last administrator; who takes the role away names the member.
  if (self?.role === 'admin' && role !== undefined && role !== 'admin')
    throw new RowRefused('role', `${name} is an administrator; change that role with PATCH /v1/members`);
  const territory = target(
    roster.territories,
    { field: 'territory', value: cells.territory, idOf: territoryIdOf },
    { mayMake: createMissing.has('territories') },
  );
  const team = target(
    roster.teams,
    { field: 'team', value: cells.team, idOf: teamIdOf },
    { mayMake: createMissing.has('teams') },
  );
  const isSelf =
    cells.manager !== undefined &&
    [name, email ?? name, self?.id ?? name].map(nameKey).includes(nameKey(cells.manager));
  const manager = isSelf
    ? 'self'
    : target(
        roster.members,
        { field: 'manager', value: cells.manager, idOf: (named) => memberIdOf(named, undefined) },
        { mayMake: createMissing.has('members'), mayCome: true },
      );
  if (manager !== undefined && team === undefined) {
    throw new RowRefused('manager', 'a manager is given, but no team for them to manage');
  }
  const present = team?.found?.managerId;
  const managerId = manager === 'self' ? self?.id : manager?.id;
  if (manager !== undefined && present !== undefined && present !== managerId) {
    throw new RowRefused(
      'manager',
      `the team has another manager, ${roster.members.get(present)?.name ?? present}`,
    );
  }
  return { isById: cells.id !== undefined, name, email, role, startedOn, self, territory, team, manager };
};

const placed = (member: MemberState, { startedOn }: Plan, teamId: TeamId | undefined, today: Day) => {
  if (teamId === undefined || teamOnDay(member.memberships, today) === teamId) return member.memberships;
  return joined(member.memberships, teamId, member.memberships.length === 0 ? (startedOn ?? today) : today);
};

/** The row's member, made or brought up to date. */
const keepSelf = (
  roster: Roster,
  row: Plan,
  {
    teamId,
    territoryId,
    today,
  }: { teamId: TeamId | undefined; territoryId: TerritoryId | undefined; today: Day },
): MemberState => {
  const self = row.self ?? makeMember({ id: memberIdOf(row.name, row.email), name: row.name }, today);
  const isPlaced = territoryId === undefined || self.territoryIds.includes(territoryId);
  return roster.members.put({
    ...self,
    // Without an address or an id it is the name that they are known by, and a later change of it stays.
    ...(row.email === undefined
      ? row.isById
        ? { name: row.name }
        : {}
      : { name: row.name, email: row.email }),
    ...(row.startedOn === undefined ? {} : { startedOn: row.startedOn }),
    role: row.role ?? self.role,
    memberships: placed(self, row, teamId, today),
    territoryIds: isPlaced ? self.territoryIds : [territoryId],
  });
};

/** Puts the manager at the head of the team: who manages a team is no rep, and belongs to it unless to another. */
const appoint = (roster: Roster, team: TeamState, manager: MemberState, today: Day): void => {
  roster.teams.put({ ...team, managerId: manager.id });
  roster.members.put({
    ...manager,
    role: manager.role === 'rep' ? 'manager' : manager.role,
    memberships: manager.memberships.length === 0 ? [{ teamId: team.id, from: today }] : manager.memberships,
  });
};

const carryOut = (roster: Roster, row: Plan, { today }: MemberImportOptions): void => {
  const { territory, team: teamTarget, manager } = row;
  const place =
    territory &&
    (territory.found ?? roster.territories.put({ id: territory.id, name: territory.name, ownerIds: [] }));
  const team =
    teamTarget && (teamTarget.found ?? roster.teams.put({ id: teamTarget.id, name: teamTarget.name }));
  const self = keepSelf(roster, row, { teamId: team?.id, territoryId: place?.id, today });
  if (team === undefined || manager === undefined) return;
  const head =
    manager === 'self'
      ? self
      : (manager.found ?? makeMember({ id: manager.id, name: manager.name, role: 'manager' }, today));
  appoint(roster, team, head, today);
};

/** Takes one row into the roster. A row that is not taken in leaves nothing behind. */
export const importMember = (
  roster: Roster,
  row: ImportRow<MemberField>,
  options: MemberImportOptions,
): RowOutcome<MemberField> => {
  const before = roster.revision;
  try {
    const byId = byIdOf(roster, row);
    const { today } = options;
    if (byId && saysNoMoreThan(row, memberCells(byId, { team: (id) => roster.teams.get(id), today })))
      return { outcome: 'unchanged' };
    const planned = plan(roster, row, options);
    carryOut(roster, planned, options);
    const { self } = planned;
    if (self === undefined) return { outcome: 'created', id: memberIdOf(planned.name, planned.email) };
    if (roster.revision === before) return { outcome: 'unchanged' };
    const changes = changedFields(self, roster.members.get(self.id) ?? self);
    return { outcome: 'updated', id: self.id, changes };
  } catch (error) {
    if (error instanceof RowRefused) return error.outcome();
    throw error;
  }
};
