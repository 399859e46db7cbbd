import * as z from 'zod';
import { expectedCapacity } from '../../../shared/directory/capacity.ts';
import { teamOnDay, teamSubtree } from '../../../shared/directory/rules.ts';
import { BadRequest, NotFound } from '../../../shared/errors/errors.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TeamId } from '../../../shared/ids/id.ts';
import { businessDaysBetween } from '../../../shared/time/business-days.ts';
import { Day } from '../../../shared/time/instant.ts';
import { parsePeriod, PeriodText } from '../../../shared/time/period.ts';
import { daysBetween } from '../../../shared/time/zone.ts';
import { TEAMS } from '../store/entities.ts';
import type { TeamDeps } from './deps.ts';

/** A fiscal year with its leap day. */
const MOST_DAYS = 366;

const TeamCapacity = z
  .object({
    teamId: TeamId,
    period: z.string(),
    from: Day,
    to: Day.describe('The first day after the period.'),
    businessDays: z.int(),
    share: z.number().describe('Of all members together: 2.5 is as much as two and a half ramped ones.'),
    members: z.array(
      z.object({
        memberId: MemberId,
        share: z.number().describe('0–1: average of ramp × capacity × presence over the business days.'),
        presentDays: z.int().describe('Business days in these teams and not away.'),
        absenceDays: z.int().describe('Business days in these teams and away.'),
      }),
    ),
  })
  .meta({ id: 'TeamCapacity' });

const digits = (value: number): number => Number(value.toPrecision(12));

const getCapacity = route({
  method: 'GET',
  path: '/v1/teams/{id}/capacity',
  scope: 'sales/team.read',
  summary: 'Get how much of full strength a team has in a period',
  description:
    'Of everyone who belongs to the team, or to one below it, on a business day of the period; days in other teams count there. For members and managers of the team, and admins.',
  params: z.object({ id: TeamId }),
  query: z.strictObject({ period: PeriodText }),
  response: TeamCapacity,
  async handle({ params: { id }, query }, { teams, members, organization, access }: TeamDeps) {
    if (!(await access.seesTeam(id))) throw new NotFound(`team ${id}`);
    await teams.get(id);
    const settings = await organization.get();
    const { text, from, to } = parsePeriod(query.period, settings);
    if (daysBetween(from, to) > MOST_DAYS)
      throw new BadRequest('The period is too long.', [
        { in: 'query', path: '/period', message: `must have ${MOST_DAYS} days at most` },
      ]);
    const { items } = await teams.queryIndex('gsi1', TEAMS);
    const wanted = new Set(teamSubtree(new Map(items.map((team) => [team.id, team])), id));
    const found = (await members.all()).flatMap((member) => {
      const isHere = (day: Day): boolean => {
        const team = teamOnDay(member.memberships, day);
        return team !== undefined && wanted.has(team);
      };
      const capacity = expectedCapacity(member, { from, to }, settings, isHere);
      if (capacity.presentDays + capacity.absenceDays === 0) return [];
      return [{ memberId: member.id, ...capacity, share: digits(capacity.share) }];
    });
    return {
      teamId: id,
      period: text,
      from,
      to,
      businessDays: businessDaysBetween(from, to, settings),
      share: digits(found.reduce((sum, { share }) => sum + share, 0)),
      members: found,
    };
  },
});

export const capacityRoutes = [getCapacity] as const;
