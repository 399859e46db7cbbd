import * as z from 'zod';
import { Conflict, Unprocessable } from '../../../shared/errors/errors.ts';
import { type MemberState, MemberTransferred } from '../../../shared/events/team.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { departMember, transferMember } from '../domain/member.ts';
import { teamsPassed, territoryPassed } from '../domain/succession.ts';
import { Departures } from '../store/departures.ts';
import type { TeamDeps } from './deps.ts';
import { Member, memberParams, shown } from './member.ts';
import { assertKnown } from './references.ts';

export const transfer = route({
  method: 'POST',
  path: '/v1/members/{id}/transfer',
  via: '/v1/members/{id}/{step}',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Move a member to another team from a day on',
  description: 'Past results stay where they were earned.',
  params: memberParams,
  body: z.strictObject({ teamId: TeamId, effectiveOn: Day }),
  example: { teamId: 'team_01JD0000000000000000000000', effectiveOn: '2027-01-01' },
  response: Member,
  async handle({ params, body, ifMatch }, { members, teams, organization }: TeamDeps) {
    const member = await members.get(params.id, { ifMatch });
    await assertKnown([
      { path: '/teamId', what: 'team', id: body.teamId, find: async (id) => teams.find(id) },
    ]);
    const today = await organization.today();
    return shown(await members.save(member, transferMember(member, body, today), MemberTransferred), today);
  },
});

/** Without an active administrator nobody could let anyone in any more. */
export const assertNotLastAdmin = async (id: MemberId, members: TeamDeps['members']): Promise<void> => {
  const { items } = await members.list({
    wanted: (member) => member.role === 'admin' && member.status === 'active' && member.id !== id,
    limit: 1,
  });
  if (items.length === 0) throw new Conflict(`${id} is the last administrator; make someone else one first.`);
};

const presentHeir = async (
  heirId: MemberId | undefined,
  id: MemberId,
  members: TeamDeps['members'],
): Promise<MemberState | undefined> => {
  if (heirId === undefined) return undefined;
  const heir = await members.find(heirId);
  if (heir?.status === 'active' && heirId !== id) return heir;
  throw new Unprocessable('The work can’t be handed on.', [
    { path: '/reassignTo', message: 'must be another, active member' },
  ]);
};

export const depart = route({
  method: 'POST',
  path: '/v1/members/{id}/depart',
  via: '/v1/members/{id}/{step}',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Record that a member has left',
  description:
    'Signing in ends at once. Open work goes to `reassignTo`, and so do teams that the member manages and territories; what was earned stays where it is. Whoever manages teams needs a manager or an admin for that.',
  params: memberParams,
  body: z.strictObject({ on: Day, reassignTo: MemberId.optional() }),
  example: { on: '2026-11-20', reassignTo: 'mem_01JD0000000000000000000001' },
  response: Member,
  async handle({ params, body, ifMatch }, { table, cause, members, organization }: TeamDeps) {
    const member = await members.get(params.id, { ifMatch });
    const today = await organization.today();
    const departed = departMember(member, body.on, today);
    const heir = await presentHeir(body.reassignTo, member.id, members);
    if (member.role === 'admin') await assertNotLastAdmin(member.id, members);
    const departures = new Departures(table, cause);
    const { teams, territories } = await departures.estateOf(member.id);
    const passed = {
      teams: teamsPassed(teams, heir),
      territories: territories.map((each) => territoryPassed(each, member.id, heir?.id)),
    };
    return shown(await departures.record(departed, passed, heir?.id), today);
  },
});
