import * as z from 'zod';
import type { Actor } from '../../../shared/auth/actor.ts';
import { BadRequest } from '../../../shared/errors/errors.ts';
import { DealStatus, ForecastCategory } from '../../../shared/events/deals.ts';
import { page, pageOf, pageQuery, positionOf, queryBoolean } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, ContactId, MemberId, PipelineId, TeamId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { type FiscalCalendar, periodOf } from '../../../shared/time/period.ts';
import { addDays, dayOf, startOfDay } from '../../../shared/time/zone.ts';
import { PipelineBook } from '../domain/pipeline-book.ts';
import { StageVisit, stageVisits } from '../domain/stage-history.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { DealList } from '../store/deal-list.ts';
import { dealParams, DealResource, shownDeal } from './deal-resource.ts';

const Closing = z.enum(['thisMonth', 'thisQuarter', 'overdue']);

const listDeals = route({
  method: 'GET',
  path: '/v1/deals',
  scope: 'sales/deals.read',
  summary: 'List deals',
  description:
    'Those the caller may see: open ones by expected close, then won and lost ones, the latest first. Days are the organization’s; both ends of a range count. A page may hold fewer deals than asked for; only one without nextCursor is the last.',
  query: pageQuery.extend({
    ownerId: z
      .union([z.literal('me'), MemberId])
      .optional()
      .describe('`me` is the caller.'),
    teamId: TeamId.optional().describe('Deals whose owner belongs to the team, or to one below it, today.'),
    accountId: AccountId.optional(),
    contactId: ContactId.optional(),
    pipelineId: PipelineId.optional(),
    q: z.string().trim().min(1).max(200).optional().describe('Part of the name, in any case.'),
    forecastCategory: ForecastCategory.optional().describe(
      'An open deal’s own or its stage’s; a won deal is `closed`, a lost one `omitted`.',
    ),
    stage: z.string().optional().describe('Key of a stage of GET /v1/pipelines.'),
    status: DealStatus.optional(),
    closedFrom: Day.optional().describe('Closed on this day or later.'),
    closedTo: Day.optional().describe('Closed on this day or earlier.'),
    expectedFrom: Day.optional().describe('Expected to close on this day or later.'),
    expectedTo: Day.optional().describe('Expected to close on this day or earlier.'),
    closing: Closing.optional().describe(
      'Open deals that are expected to close this month or this fiscal quarter, or that should have closed before today.',
    ),
    withoutNextStep: queryBoolean.optional().describe('Open deals of which no next step is written down.'),
    stale: queryBoolean
      .optional()
      .describe('Open deals that have not moved for longer than the rotting days of their stage.'),
  }),
  response: page(DealResource),
  async handle({ query, actor }, { table, directory, visibility, pipelines, clock }: SellingDeps) {
    const { limit, cursor: _cursor, ...binding } = { ...query, list: 'deals' };
    const { list: _list, teamId, closedFrom, closedTo, ownerId, closing, ...rest } = binding;
    const [viewer, snapshot] = await Promise.all([visibility.viewer(), directory.snapshot()]);
    const { organization } = snapshot;
    const { timeZone } = organization;
    const now = clock.now();
    const asksPipelines = query.stale !== undefined || query.forecastCategory !== undefined;
    const book = asksPipelines ? await pipelines.all() : new PipelineBook();
    const list = new DealList({ table, viewer, directory: snapshot, pipelines: book, now });
    const after = positionOf(query, binding)?.after;
    const found = await list.page({
      filter: {
        ...rest,
        ...expectedIn(query, dayOf(now, timeZone), organization),
        ownerId: ownerId === 'me' ? callerOf(actor) : ownerId,
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

const callerOf = (actor: Actor): MemberId => {
  if (actor.kind === 'member') return actor.id;
  throw new BadRequest('A system has no deals of its own.', [
    { in: 'query', path: '/ownerId', message: 'must be a member’s id: the caller is a system' },
  ]);
};

interface Expected {
  readonly closing?: z.infer<typeof Closing> | undefined;
  readonly expectedFrom?: Day | undefined;
  readonly expectedTo?: Day | undefined;
}

/** The days of the expected close that are asked for, both ends included. @throws BadRequest for two ranges at once */
const expectedIn = (
  { closing, expectedFrom, expectedTo }: Expected,
  today: Day,
  calendar: FiscalCalendar,
): Omit<Expected, 'closing'> => {
  if (closing === undefined) return {};
  if (expectedFrom !== undefined || expectedTo !== undefined)
    throw new BadRequest('The expected close can be narrowed in one way only.', [
      {
        in: 'query',
        path: '/closing',
        message: 'must be left out where expectedFrom or expectedTo is given',
      },
    ]);
  if (closing === 'overdue') return { expectedTo: addDays(today, -1) };
  const { from, to } = periodOf(today, closing === 'thisMonth' ? 'month' : 'quarter', calendar);
  return { expectedFrom: from, expectedTo: addDays(to, -1) };
};

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
