import * as z from 'zod';
import { assertVisible } from '../../../shared/auth/visibility.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import { handOverId, handOverOf } from '../../../shared/hand-over/job.ts';
import { route } from '../../../shared/http/route.ts';
import { DealId, MemberId } from '../../../shared/ids/id.ts';
import { JobStatus } from '../../../shared/jobs/job.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { SellingDeps } from '../selling-deps.ts';

const HandOver = z
  .object({
    memberId: MemberId.describe('Who departed.'),
    heirId: MemberId.optional().describe('Who takes the work over; absent where nobody was named.'),
    status: JobStatus,
    deals: z.int().describe('Open deals handed over so far.'),
    refusedDeals: z
      .array(DealId)
      .describe(
        'Open deals that stay with who departed, for as they are they can’t be counted: 100 at most.',
      ),
    accounts: z.int(),
    stores: z.int(),
    leads: z.int().describe('Open leads handed over so far.'),
    tasks: z.int().describe('Open tasks and planned meetings handed over so far.'),
    startedAt: Instant,
    finishedAt: Instant.optional(),
    problem: z.string().optional().describe('Why it failed.'),
    version: z.int(),
  })
  .meta({ id: 'HandOver' });

const Found = z.object({ refusedDeals: z.array(DealId).default([]) });

const getHandOver = route({
  method: 'GET',
  path: '/v1/hand-overs/{memberId}',
  scope: 'sales/deals.read',
  summary: 'Get how far the work of a departed member is handed over',
  description:
    'Open deals, accounts, stores, open leads and open tasks. For the heir, who manages the heir’s team or one above, and admins; where nobody was named, for admins.',
  params: z.object({ memberId: MemberId }),
  response: HandOver,
  async handle({ params: { memberId } }, { jobs, visibility }: SellingDeps) {
    const job = await jobs.find(handOverId(memberId));
    if (job === undefined) throw new NotFound(`hand-over of ${memberId}`);
    const { heirId } = handOverOf(job);
    const teamId = heirId && (await visibility.teamOf(heirId));
    assertVisible(await visibility.viewer(), { ownerId: heirId, teamId }, `hand-over of ${memberId}`);
    const { status, counts, createdAt, finishedAt, problem, version } = job;
    const { deals = 0, accounts = 0, stores = 0, leads = 0, tasks = 0 } = counts;
    return {
      memberId,
      heirId,
      status,
      deals,
      refusedDeals: Found.parse(job.found ?? {}).refusedDeals,
      accounts,
      stores,
      leads,
      tasks,
      startedAt: createdAt,
      finishedAt,
      problem,
      version,
    };
  },
});

export const handOverRoutes = [getHandOver] as const;
