import * as z from 'zod';
import { NotFound } from '../../../shared/errors/errors.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { reply } from '../../../shared/http/reply.ts';
import { route } from '../../../shared/http/route.ts';
import { DealId, JobId, newId, PipelineId } from '../../../shared/ids/id.ts';
import { JobStatus } from '../../../shared/jobs/job.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { defaultPipeline, Pipeline } from '../domain/pipeline.ts';
import { newPipeline, PipelineDetails, PipelineEdit } from '../domain/pipeline-edits.ts';
import { MIGRATE_PIPELINE, MigrationInput } from '../domain/pipeline-migration.ts';
import { changePipeline } from '../pipelines/change-pipeline.ts';
import type { SellingDeps } from '../selling-deps.ts';

const PipelineResource = Pipeline.omit({ formerStages: true })
  .extend({ version: z.int() })
  .meta({ id: 'Pipeline' });
const params = z.object({ id: PipelineId });

const createPipeline = route({
  method: 'POST',
  path: '/v1/pipelines',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Create a pipeline',
  description:
    'Criteria of a stage are checked when a deal leaves it forward or is won; a `note` is shown, and left to people to judge. Without lostReasons it has those of the default pipeline.',
  status: 201,
  idempotent: true,
  body: PipelineDetails.partial({ lostReasons: true, competitors: true, discountApprovalAbove: true }),
  example: {
    name: 'Renewals',
    stages: [
      {
        key: 'due',
        name: 'Due',
        probability: 0.6,
        rottingDays: 30,
        exitCriteria: [
          { kind: 'field', field: 'nextStep' },
          { kind: 'activity', activity: 'call' },
        ],
      },
      { key: 'offered', name: 'Offered', probability: 0.9, rottingDays: 14, forecastCategory: 'commit' },
    ],
    competitors: ['Molino Bianchi'],
    discountApprovalAbove: 0.15,
  },
  response: PipelineResource,
  async handle(request, { pipelines, clock }: SellingDeps) {
    const { name, stages, lostReasons, competitors = [], discountApprovalAbove } = request.body;
    const fresh = {
      id: idOfNew(PipelineId, request, clock),
      name,
      stages,
      lostReasons: lostReasons ?? defaultPipeline.lostReasons,
      competitors,
      ...(discountApprovalAbove !== undefined && { discountApprovalAbove }),
    };
    return pipelines.create(newPipeline(fresh, clock.now()), request);
  },
});

const listPipelines = route({
  method: 'GET',
  path: '/v1/pipelines',
  scope: 'sales/deals.read',
  summary: 'List the pipelines with their stages',
  description: 'The default one first, then the others by name.',
  query: pageQuery,
  response: page(PipelineResource),
  async handle({ query }, { pipelines }: SellingDeps) {
    const binding = { list: 'pipelines' };
    const from = z.int().catch(0).parse(positionOf(query, binding)?.from);
    const all = await pipelines.list();
    const to = from + query.limit;
    return pageOf(all.slice(from, to), to < all.length ? { from: to } : undefined, binding);
  },
});

const getPipeline = route({
  method: 'GET',
  path: '/v1/pipelines/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a pipeline with its stages',
  params,
  response: PipelineResource,
  handle: async ({ params: { id } }, { pipelines }: SellingDeps) => pipelines.get(id),
});

const change = route({
  method: 'PATCH',
  path: '/v1/pipelines/{id}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Change a pipeline',
  description:
    'A stage that goes while open deals stand in it is a 409, unless `migrate` says which stage takes them. Deals that have to be brought along are so by a job: the answer is then a 202 with `migration`, while both the old and the new stages can be named. An archived pipeline takes no more deals; those in it go on. Null for discountApprovalAbove lets every discount pass.',
  params,
  body: PipelineEdit.extend({
    migrate: z
      .record(z.string().max(50), z.string().max(50))
      .refine((stages) => Object.keys(stages).length <= 20, 'must be 20 at most')
      .optional()
      .describe('Where the deals of stages that go are to go: { "<old stage>": "<new stage>" }.'),
  }),
  example: { competitors: ['Molino Bianchi', 'Pasta Verde'], discountApprovalAbove: 0.2 },
  response: PipelineResource,
  async handle({ params: { id }, body, ifMatch }, deps: SellingDeps) {
    const { migrate = {}, ...edit } = body;
    const pipeline = await deps.pipelines.get(id);
    assertVersion(pipeline, ifMatch, `pipeline ${id}`);
    const jobId = newId(JobId, Date.parse(deps.clock.now()));
    const changed = await changePipeline(pipeline, { edit, migrate, jobId }, deps);
    return changed.migration?.id === jobId ? reply(changed, { status: 202 }) : changed;
  },
});

const PipelineMigration = z
  .object({
    id: JobId,
    pipelineId: PipelineId,
    stages: z.record(z.string(), z.string()).describe('Where the deals of each stage go.'),
    status: JobStatus,
    deals: z.int().describe('Open deals brought along so far.'),
    refusedDeals: z
      .array(DealId)
      .describe('Deals that stay where they are, for as they are they can’t be counted: 100 at most.'),
    startedAt: Instant,
    finishedAt: Instant.optional(),
    problem: z.string().optional().describe('Why it failed.'),
    version: z.int(),
  })
  .meta({ id: 'PipelineMigration' });

const Found = z.object({ refusedDeals: z.array(DealId).default([]) });

const getMigration = route({
  method: 'GET',
  path: '/v1/pipelines/{id}/migrations/{migrationId}',
  scope: 'sales/deals.read',
  adminsOnly: true,
  summary: 'Get how far the deals of a pipeline are brought to its change',
  params: params.extend({ migrationId: JobId }),
  response: PipelineMigration,
  async handle({ params: { id, migrationId } }, { jobs }: SellingDeps) {
    const job = await jobs.get(migrationId, MIGRATE_PIPELINE);
    const input = MigrationInput.parse(job.input);
    if (input.pipelineId !== id) throw new NotFound(`migration ${migrationId} of pipeline ${id}`);
    const { refusedDeals } = Found.parse(job.found ?? {});
    return { ...job, ...input, deals: job.counts.deals ?? 0, refusedDeals, startedAt: job.createdAt };
  },
});

export const pipelineRoutes = [createPipeline, listPipelines, getPipeline, change, getMigration] as const;
