import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { Absence, MemberState, MemberUpdated } from '../../../shared/events/team.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import { MemberId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { withAbsence, withoutAbsence } from '../domain/absences.ts';
import type { TeamDeps } from './deps.ts';
import { Member, memberParams, shown } from './member.ts';

const absenceParams = z.object({ id: MemberId, from: Day.describe('The day on which it begins.') });

/** Whoever sees a member's records may enter absences: the member, who manages the member's team or one above, admins. */
const seenMember = async (id: MemberId, { members, access }: TeamDeps) => {
  await access.assertSees(id, `member ${id}`);
  return members.get(id);
};

/** For those who may see them. */
const MemberWithAbsences = Member.extend({ absences: MemberState.shape.absences }).meta({
  id: 'MemberWithAbsences',
});

const listAbsences = route({
  method: 'GET',
  path: '/v1/members/{id}/absences',
  scope: 'sales/team.read',
  summary: 'List a member’s absences, the earliest first',
  description:
    'For the member, who manages the member’s team or one above, and admins. All of them: 100 at most.',
  params: memberParams,
  response: z.object({ items: z.array(Absence) }).meta({ id: 'Absences' }),
  async handle({ params }, deps: TeamDeps) {
    const { absences = [] } = await seenMember(params.id, deps);
    return { items: absences };
  },
});

const putAbsence = route({
  method: 'PUT',
  path: '/v1/members/{id}/absences/{from}',
  scope: 'sales/team.write',
  summary: 'Enter an absence, or move its end',
  description:
    'From the day in the path until `until`, both included; less is expected of the member meanwhile. Two absences must not overlap.',
  params: absenceParams,
  body: z.strictObject({ until: Day }),
  example: { until: Day.parse('2026-12-31') },
  response: MemberWithAbsences,
  async handle({ params: { id, from }, body, ifMatch }, deps: TeamDeps) {
    const member = await seenMember(id, deps);
    assertVersion(member, ifMatch, `member ${id}`);
    const today = await deps.access.today();
    const changed = withAbsence(member, { from, until: body.until });
    if (isDeepStrictEqual(changed.absences, member.absences)) return shown(member, today);
    return shown(await deps.members.save(member, changed, MemberUpdated), today);
  },
});

const deleteAbsence = route({
  method: 'DELETE',
  path: '/v1/members/{id}/absences/{from}',
  scope: 'sales/team.write',
  summary: 'Delete an absence',
  status: 204,
  params: absenceParams,
  response: NoContent,
  async handle({ params: { id, from }, ifMatch }, deps: TeamDeps) {
    const member = await seenMember(id, deps);
    assertVersion(member, ifMatch, `member ${id}`);
    await deps.members.save(member, withoutAbsence(member, from), MemberUpdated);
  },
});

export const absenceRoutes = [listAbsences, putAbsence, deleteAbsence] as const;
