import type { AnyRoute } from '../../shared/http/route.ts';
import { importRoutes } from '../../shared/imports/routes.ts';
import { memberImport } from './domain/member-kind.ts';
import { depart, transfer } from './routes/member-moves.ts';
import { addMember, changeMember, getMember, listMembers } from './routes/members.ts';
import { getOrganization, putOrganization } from './routes/organization.ts';
import { changeTeam, createTeam, getTeam, listTeams } from './routes/teams.ts';
import { changeTerritory, createTerritory, getTerritory, listTerritories } from './routes/territories.ts';

/** Everything that this service answers. */
export const routes = [
  getOrganization,
  putOrganization,
  createTeam,
  listTeams,
  getTeam,
  changeTeam,
  addMember,
  listMembers,
  getMember,
  changeMember,
  transfer,
  depart,
  createTerritory,
  listTerritories,
  getTerritory,
  changeTerritory,
  ...importRoutes(memberImport, { read: 'sales/team.read', write: 'sales/team.write' }),
] as const satisfies readonly AnyRoute[];
