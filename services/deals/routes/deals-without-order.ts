import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { addDays, startOfDay } from '../../../shared/time/zone.ts';
import { PipelineBook } from '../domain/pipeline-book.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { DealList } from '../store/deal-list.ts';
import { DealResource, shownDeal } from './deal-resource.ts';

const listDealsWithoutOrder = route({
  method: 'GET',
  path: '/v1/deals-without-order',
  scope: 'sales/deals.read',
  summary: 'List won deals that no order belongs to: won, never ordered',
  description:
    'Those the caller may see, the latest close first. Days are the organization’s; both ends of a range count. A page may hold fewer than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    ownerId: MemberId.optional(),
    teamId: TeamId.optional().describe('Deals whose owner belongs to the team, or to one below it, today.'),
    accountId: AccountId.optional(),
    closedFrom: Day.optional().describe('Won on this day or later.'),
    closedTo: Day.optional().describe('Won on this day or earlier.'),
  }),
  response: page(DealResource),
  async handle({ query }, { table, directory, visibility, clock }: SellingDeps) {
    const { limit, cursor: _cursor, teamId, closedFrom, closedTo, ...rest } = query;
    const binding = { list: 'deals-without-order', teamId, closedFrom, closedTo, ...rest };
    const [viewer, snapshot] = await Promise.all([visibility.viewer(), directory.snapshot()]);
    const { timeZone } = snapshot.organization;
    const list = new DealList({
      table,
      viewer,
      directory: snapshot,
      pipelines: new PipelineBook(),
      now: clock.now(),
    });
    const after = positionOf(query, binding)?.after;
    const found = await list.page({
      filter: {
        ...rest,
        status: 'won',
        withoutOrder: true,
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

export const dealsWithoutOrderRoutes = [listDealsWithoutOrder] as const;
