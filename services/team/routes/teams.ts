import * as z from 'zod';
import { teamPath } from '../../../shared/directory/rules.ts';
import { TeamChanged, TeamState } from '../../../shared/events/team.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TeamId } from '../../../shared/ids/id.ts';
import { withChanges } from '../domain/changes.ts';
import { Name } from '../domain/name.ts';
import { assertNoCycle } from '../domain/tree.ts';
import { TEAMS } from '../store/entities.ts';
import type { TeamDeps } from './deps.ts';
import { assertKnown } from './references.ts';

const Team = TeamState.extend({ version: z.int() }).meta({ id: 'Team' });
const params = z.object({ id: TeamId });

interface Links {
  readonly managerId?: MemberId | null | undefined;
  readonly parentTeamId?: TeamId | null | undefined;
}

const present = async (id: string, members: TeamDeps['members']) => {
  const member = await members.find(id);
  return member?.status === 'active' ? member : undefined;
};

const assertLinks = async ({ managerId, parentTeamId }: Links, { members, teams }: TeamDeps) =>
  assertKnown([
    { path: '/managerId', what: 'active member', id: managerId, find: async (id) => present(id, members) },
    { path: '/parentTeamId', what: 'team', id: parentTeamId, find: async (id) => teams.find(id) },
  ]);

export const createTeam = route({
  method: 'POST',
  path: '/v1/teams',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Create a team',
  body: z.strictObject({ name: Name, managerId: MemberId.optional(), parentTeamId: TeamId.optional() }),
  example: { name: 'Northeast' },
  response: Team,
  status: 201,
  idempotent: true,
  async handle(request, deps: TeamDeps) {
    await assertLinks(request.body, deps);
    const team = withChanges<TeamState>(
      { id: idOfNew(TeamId, request, deps.clock), name: request.body.name },
      request.body,
    );
    return createOnce(deps.teams, team, request, TeamChanged);
  },
});

export const listTeams = route({
  method: 'GET',
  path: '/v1/teams',
  scope: 'sales/team.read',
  summary: 'List teams by name',
  query: pageQuery,
  response: page(Team),
  async handle({ query }, { teams }: TeamDeps) {
    const binding = { list: 'teams' };
    const cursor = positionOf(query, binding);
    const { items, lastKey } = await teams.queryIndex('gsi1', TEAMS, { limit: query.limit, cursor });
    return pageOf(items, lastKey, binding);
  },
});

export const getTeam = route({
  method: 'GET',
  path: '/v1/teams/{id}',
  scope: 'sales/team.read',
  summary: 'Get a team',
  params,
  response: Team,
  handle: async (request, { teams }: TeamDeps) => teams.get(request.params.id),
});

export const changeTeam = route({
  method: 'PATCH',
  path: '/v1/teams/{id}',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Rename a team, move it below another, or give it a manager',
  description: 'Null empties a field.',
  params,
  body: z.strictObject({
    name: Name.optional(),
    managerId: MemberId.nullable().optional(),
    parentTeamId: TeamId.nullable().optional(),
  }),
  example: { name: 'North and east' },
  response: Team,
  async handle(request, deps: TeamDeps) {
    const { body, ifMatch } = request;
    const team = await deps.teams.get(request.params.id, { ifMatch });
    await assertLinks(body, deps);
    const { items } = await deps.teams.queryIndex('gsi1', TEAMS);
    const known = new Map(items.map((each) => [each.id, each]));
    assertNoCycle(team.id, body.parentTeamId, {
      pathOf: (id) => teamPath(known, id),
      field: '/parentTeamId',
    });
    return deps.teams.save(withChanges(team, body), TeamChanged);
  },
});
