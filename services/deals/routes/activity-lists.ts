import * as z from 'zod';
import { ActivityKind, ActivityStatus } from '../../../shared/events/activities.ts';
import { page, pageOf, pageQuery, positionOf, queryBoolean } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, ContactId, DealId, LeadId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { type ActivityFilter, activityPage } from '../activities/list.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { ActivityResource, shownActivity } from './activity-resource.ts';
import { ownerAsked } from './activities.ts';
import { dealParams } from './deal-resource.ts';

const listQuery = pageQuery.extend({
  kind: ActivityKind.optional(),
  status: ActivityStatus.optional(),
});

const found = async (
  filter: ActivityFilter,
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
  { table, directory, visibility, activities }: SellingDeps,
) => {
  const [viewer, snapshot, today] = await Promise.all([
    visibility.viewer(),
    directory.snapshot(),
    visibility.today(),
  ]);
  const surroundings = { table, viewer, directory: snapshot, activities, today };
  const { items, after: next } = await activityPage({ filter, limit, after }, surroundings);
  return {
    items: items.map((activity) => shownActivity(activity, today)),
    lastKey: next === undefined ? undefined : { after: next },
  };
};

const afterOf = (position: ReturnType<typeof positionOf>): string | undefined =>
  position?.after === undefined ? undefined : String(position.after);

const listActivities = route({
  method: 'GET',
  path: '/v1/activities',
  scope: 'sales/deals.read',
  summary: 'List activities',
  description:
    'Those the caller may see, as what they are about: planned ones first, by the day they are due, then those done, the latest first. Without owner, team or subject, those of the members whose deals the caller sees. Of a subject, both the latest first. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: listQuery.extend({
    ownerId: z
      .union([z.literal('me'), MemberId], 'must be me, or an id such as mem_01JD0000000000000000000000')
      .optional()
      .describe('A member’s id, or `me`.'),
    teamId: TeamId.optional().describe('Of who belongs to the team, or to one below it, today.'),
    accountId: AccountId.optional().describe('With the account, its contacts and on its deals.'),
    contactId: ContactId.optional(),
    leadId: LeadId.optional(),
    dealId: DealId.optional(),
    overdue: queryBoolean.optional().describe('Open tasks whose day has passed, in the organization’s zone.'),
    dueFrom: Day.optional().describe('Planned, and due on this day or later.'),
    dueTo: Day.optional().describe('Planned, and due on this day or earlier.'),
  }),
  response: page(ActivityResource),
  async handle({ query, actor }, deps: SellingDeps) {
    const { limit, cursor: _cursor, ...asked } = query;
    const filter = { ...asked, ownerId: ownerAsked(asked.ownerId, actor) };
    const binding = { list: 'activities', ...filter };
    const after = afterOf(positionOf(query, binding));
    const { items, lastKey } = await found(filter, { limit, after }, deps);
    return pageOf(items, lastKey, binding);
  },
});

const listDealActivities = route({
  method: 'GET',
  path: '/v1/deals/{id}/activities',
  via: '/v1/deals/{id}/{view}',
  scope: 'sales/deals.read',
  summary: 'List the activities on a deal: planned ones, then those done, the latest first',
  params: dealParams,
  query: listQuery,
  response: page(ActivityResource),
  async handle({ params, query }, deps: SellingDeps) {
    const { id: dealId } = await deps.deals.get(params.id);
    const { limit, cursor: _cursor, ...asked } = query;
    const filter = { ...asked, dealId };
    const binding = { list: 'deal-activities', ...filter };
    const after = afterOf(positionOf(query, binding));
    const { items, lastKey } = await found(filter, { limit, after }, deps);
    return pageOf(items, lastKey, binding);
  },
});

export const activityListRoutes = [listActivities, listDealActivities] as const;
