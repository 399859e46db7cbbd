import * as z from 'zod';
import type { Viewer } from '../../../shared/auth/visibility.ts';
import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { nameKey } from '../../../shared/directory/name-key.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { LeadStatus } from '../../../shared/events/leads.ts';
import {
  page,
  pageOf,
  pageQuery,
  positionOf,
  queryBoolean,
  queryInteger,
} from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Day, type Instant } from '../../../shared/time/instant.ts';
import { addDays, dayOf, startOfDay } from '../../../shared/time/zone.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { maySeeLead, maySeeUnassigned } from '../leads/lead-access.ts';
import { shownLeads } from '../leads/shown-leads.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { leadsOfOwner, leadsOfSource } from '../store/lead-entity.ts';
import { leadPage } from '../store/lead-list.ts';
import { LeadResource } from './lead-resource.ts';

const Filter = z.object({
  mine: queryBoolean.optional().describe('Only the caller’s own.'),
  ownerId: MemberId.optional(),
  teamId: TeamId.optional().describe('Leads whose owner belongs to the team, or to one below it, today.'),
  unassigned: queryBoolean.optional().describe('Only those that are nobody’s; for managers and admins.'),
  status: LeadStatus.optional(),
  source: z.string().min(1).max(100).optional().describe('In any case.'),
  scoreFrom: queryInteger(0, 100).optional(),
  duplicates: queryBoolean.optional().describe('Only those that repeat something, or only those that don’t.'),
  q: z.string().trim().min(1).max(100).optional().describe('Text in the name or the company, in any case.'),
  createdFrom: Day.optional().describe('Came in on this day or later, where the organization is.'),
  createdTo: Day.optional().describe('Came in on this day or earlier.'),
});
type Filter = z.output<typeof Filter>;

const matches = (lead: Lead, { source, scoreFrom, duplicates, q }: Filter): boolean =>
  (source === undefined || (lead.source !== undefined && nameKey(lead.source) === nameKey(source))) &&
  (scoreFrom === undefined || lead.score >= scoreFrom) &&
  (duplicates === undefined || (lead.duplicateOf !== undefined) === duplicates) &&
  (q === undefined || [lead.name, lead.company].some((text) => text && nameKey(text).includes(nameKey(q))));

/** Owners whose leads are asked for and may be seen; undefined stands for nobody. */
const ownersOf = (
  { ownerId, teamId, unassigned }: Filter,
  {
    viewer,
    directory,
    now,
  }: { readonly viewer: Viewer; readonly directory: DirectorySnapshot; readonly now: Instant },
): readonly (MemberId | undefined)[] => {
  if (unassigned === true) return maySeeUnassigned(viewer) ? [undefined] : [];
  const today = dayOf(now, directory.organization.timeZone);
  const teams = teamId && new Set(directory.subtree(teamId));
  const owners = directory.members().flatMap((member) => {
    const team = directory.teamOf(member, today);
    const isWanted =
      (ownerId === undefined || member.id === ownerId) &&
      (teams === undefined || (team !== undefined && teams.has(team)));
    return isWanted && maySeeLead(viewer, { ownerId: member.id, teamId: team }) ? [member.id] : [];
  });
  const isOpen = ownerId === undefined && teamId === undefined && unassigned === undefined;
  return isOpen && maySeeUnassigned(viewer) ? [...owners, undefined] : owners;
};

const listLeads = route({
  method: 'GET',
  path: '/v1/leads',
  scope: 'sales/deals.read',
  summary: 'List leads',
  description:
    'Those the caller may see, by status: new, working, qualified, converted, disqualified; of each the latest first. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend(Filter.shape),
  response: page(LeadResource),
  async handle({ query, actor }, { table, directory, visibility, clock }: SellingDeps) {
    const { limit, cursor: _cursor, mine, ...rest } = query;
    const binding = { list: 'leads', mine, ...rest };
    if (mine === true && actor.kind !== 'member')
      throw new Unprocessable('A system has no leads of its own.', [
        { path: '/mine', message: 'must be left out: the caller is a system' },
      ]);
    const own = mine === true && actor.kind === 'member' ? { ownerId: actor.id } : {};
    const filter: Filter = { ...rest, ...own };
    const after = positionOf(query, binding)?.after;
    const [viewer, snapshot] = await Promise.all([visibility.viewer(), directory.snapshot()]);
    const { timeZone } = snapshot.organization;
    const owners = ownersOf(filter, { viewer, directory: snapshot, now: clock.now() });
    const { source, createdFrom, createdTo } = filter;
    // By source where nothing else narrows it down: an owner's leads are fewer.
    const bySource =
      source !== undefined &&
      viewer.sees === 'everything' &&
      filter.ownerId === undefined &&
      filter.teamId === undefined &&
      filter.unassigned === undefined;
    const found = await leadPage(table, {
      index: bySource ? 'gsi2' : 'gsi1',
      partitions: bySource ? [leadsOfSource(source)] : owners.map(leadsOfOwner),
      statuses: filter.status === undefined ? LeadStatus.options : [filter.status],
      createdFrom: createdFrom && startOfDay(createdFrom, timeZone),
      createdBefore: createdTo && startOfDay(addDays(createdTo, 1), timeZone),
      limit,
      after: after === undefined ? undefined : String(after),
      isWanted: (lead) => matches(lead, filter),
    });
    const items = await shownLeads(found.items, table);
    return pageOf(items, found.after === undefined ? undefined : { after: found.after }, binding);
  },
});

export const leadListRoutes = [listLeads] as const;
