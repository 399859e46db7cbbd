import * as z from 'zod';
import { DealStatus } from '../../../shared/events/deals.ts';
import { page, pageOf, pageQuery, positionOf, queryBoolean } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { addDays, startOfDay } from '../../../shared/time/zone.ts';
import { StageVisit, stageVisits } from '../domain/stage-history.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { DealList } from '../store/deal-list.ts';
import { dealParams, DealResource, shownDeal } from './deal-resource.ts';

const listDeals = route({
  method: 'GET',
  path: '/v1/deals',
  scope: 'sales/deals.read',
  summary: 'List deals',
  description:
    'Those the caller may see: open ones by expected close, then won and lost ones, the latest first. Days are the organization’s; both ends of a range count. A page may hold fewer deals than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    ownerId: MemberId.optional(),
    teamId: TeamId.optional().describe('Deals whose owner belongs to the team, or to one below it, today.'),
    accountId: AccountId.optional(),
    stage: z.string().optional().describe('Key of a stage of GET /v1/pipelines.'),
    status: DealStatus.optional(),
    closedFrom: Day.optional().describe('Closed on this day or later.'),
    closedTo: Day.optional().describe('Closed on this day or earlier.'),
    expectedFrom: Day.optional().describe('Expected to close on this day or later.'),
    expectedTo: Day.optional().describe('Expected to close on this day or earlier.'),
    stale: queryBoolean
      .optional()
      .describe('Open deals that stand in their stage for longer than its rotting days.'),
  }),
  response: page(DealResource),
  async handle({ query }, { table, directory, visibility, clock }: SellingDeps) {
    const { limit, cursor: _cursor, teamId, closedFrom, closedTo, ...rest } = query;
    const binding = { list: 'deals', teamId, closedFrom, closedTo, ...rest };
    const [viewer, snapshot] = await Promise.all([visibility.viewer(), directory.snapshot()]);
    const { timeZone } = snapshot.organization;
    const list = new DealList({ table, viewer, directory: snapshot, now: clock.now() });
    const after = positionOf(query, binding)?.after;
    const found = await list.page({
      filter: {
        ...rest,
        closedFrom: closedFrom && startOfDay(closedFrom, timeZone),
        closedBefore: closedTo && startOfDay(addDays(closedTo, 1), timeZone),
      },
      teamId,
      limit,
      after: after === undefined ? undefined : String(after),
    });
    const next = found.after === undefined ? undefined : { after: found.after };
    return pageOf(found.items.map(shownDeal), next, binding);
  },
});

const dealHistory = route({
  method: 'GET',
  path: '/v1/deals/{id}/history',
  via: '/v1/deals/{id}/{view}',
  scope: 'sales/deals.read',
  summary: 'Get the stages that a deal went through, and how long it stood in each',
  description: 'The first entry and the latest 49; `won` and `lost` stand for the close.',
  params: dealParams,
  response: z.object({ items: z.array(StageVisit) }).meta({ id: 'DealHistory' }),
  async handle({ params }, { deals, clock }: SellingDeps) {
    const deal = await deals.get(params.id);
    return { items: stageVisits(deal.stageHistory, clock.now()) };
  },
});

export const dealListRoutes = [listDeals, dealHistory] as const;
