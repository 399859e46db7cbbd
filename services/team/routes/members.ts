import * as z from 'zod';
import { emailKey } from '../../../shared/directory/name-key.ts';
import { teamOnDay } from '../../../shared/directory/rules.ts';
import { MemberAdded, type MemberState, MemberUpdated, Role } from '../../../shared/events/team.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { withChanges } from '../domain/changes.ts';
import { makeMember } from '../domain/member.ts';
import { Email, Name } from '../domain/name.ts';
import type { TeamDeps } from './deps.ts';
import { assertNotLastAdmin } from './member-moves.ts';
import { Member, memberParams, shown } from './member.ts';
import { assertKnown } from './references.ts';

export const territoryIds = z.array(TerritoryId).max(20);
export const rampMonths = z.int().min(0).max(36).describe('Months until the full quota is expected.');
const capacity = z
  .number()
  .gt(0, 'must be more than 0')
  .max(1, 'must be 1 at most')
  .describe('Share of full time, 0–1; 1 unless given.');
const email = Email.describe('Without one, a member neither signs in nor gets mail.');

interface Links {
  readonly teamId?: TeamId | undefined;
  readonly territoryIds?: readonly TerritoryId[] | undefined;
}

export const assertLinks = async (links: Links, { teams, territories }: TeamDeps) =>
  assertKnown([
    { path: '/teamId', what: 'team', id: links.teamId, find: async (id) => teams.find(id) },
    ...(links.territoryIds ?? []).map((id, index) => ({
      path: `/territoryIds/${String(index)}`,
      what: 'territory',
      id,
      find: async (each: string) => territories.find(each),
    })),
  ]);

export const addMember = route({
  method: 'POST',
  path: '/v1/members',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Add a member',
  description:
    'The membership in the team begins on `startedOn`, or today; what was earned before counts for it, too.',
  body: z.strictObject({
    name: Name,
    email: email.optional(),
    role: Role.default('rep'),
    teamId: TeamId.optional(),
    territoryIds: territoryIds.default([]),
    startedOn: Day.optional(),
    rampMonths: rampMonths.default(0),
    capacity: capacity.optional(),
  }),
  response: Member,
  status: 201,
  idempotent: true,
  example: { name: 'Rosa Conti', email: 'rosa@example.com', role: 'rep', startedOn: '2026-10-01' },
  async handle(request, deps: TeamDeps) {
    await assertLinks(request.body, deps);
    const today = await deps.organization.today();
    const member = makeMember({ id: idOfNew(MemberId, request, deps.clock), ...request.body }, today);
    return shown(await createOnce(deps.members, member, request, MemberAdded), today);
  },
});

export const listMembers = route({
  method: 'GET',
  path: '/v1/members',
  scope: 'sales/team.read',
  summary: 'List members by name',
  query: pageQuery.extend({
    teamId: TeamId.optional().describe('Only those who are in this team today.'),
    email: z.string().optional().describe('Only the one with this address, whatever its case.'),
    name: z.string().optional().describe('Only those whose name begins so, whatever its case.'),
  }),
  response: page(Member),
  async handle({ query }, { members, organization }: TeamDeps) {
    const { limit, cursor: _cursor, ...filters } = query;
    const binding = { list: 'members', ...filters };
    const cursor = positionOf(query, binding);
    const today = await organization.today();
    const isWanted = (member: MemberState): boolean =>
      (filters.teamId === undefined || teamOnDay(member.memberships, today) === filters.teamId) &&
      (filters.email === undefined ||
        (member.email !== undefined && emailKey(member.email) === emailKey(filters.email)));
    if (filters.email !== undefined && filters.name === undefined) {
      const member = await members.findByEmail(filters.email);
      return { items: member !== undefined && isWanted(member) ? [shown(member, today)] : [] };
    }
    const found = await members.list({ name: filters.name, wanted: isWanted, limit, cursor });
    const items = found.items.map((member) => shown(member, today));
    return pageOf(items, found.lastKey, binding);
  },
});

export const getMember = route({
  method: 'GET',
  path: '/v1/members/{id}',
  scope: 'sales/team.read',
  summary: 'Get a member',
  params: memberParams,
  response: Member,
  handle: async ({ params }, { members, organization }: TeamDeps) =>
    shown(await members.get(params.id), await organization.today()),
});

export const changeMember = route({
  method: 'PATCH',
  path: '/v1/members/{id}',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Change a member’s details',
  description: 'Null empties a field. Another team is joined by a transfer, from a day on.',
  params: memberParams,
  body: z.strictObject({
    name: Name.optional(),
    email: email.nullable().optional(),
    role: Role.optional(),
    territoryIds: territoryIds.optional(),
    startedOn: Day.nullable().optional(),
    rampMonths: rampMonths.optional(),
    capacity: capacity.nullable().optional(),
  }),
  example: { rampMonths: 3 },
  response: Member,
  async handle(request, deps: TeamDeps) {
    const { body, ifMatch } = request;
    const member = await deps.members.get(request.params.id, { ifMatch });
    await assertLinks(body, deps);
    const isDemoted = member.role === 'admin' && body.role !== undefined && body.role !== 'admin';
    if (isDemoted && member.status === 'active') await assertNotLastAdmin(member.id, deps.members);
    const saved = await deps.members.save(member, withChanges(member, body), MemberUpdated);
    return shown(saved, await deps.organization.today());
  },
});
