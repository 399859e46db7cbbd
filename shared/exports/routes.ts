import * as z from 'zod';
import type { Scope } from '../auth/scopes.ts';
import { idOfNew } from '../http/idempotency.ts';
import { route } from '../http/route.ts';
import { ExportId, JobId } from '../ids/id.ts';
import { type Job, JobStatus, newJob } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { type Clock, Instant, instantFrom } from '../time/instant.ts';
import { exportFile, exportOfJob, type ExportStorage, jobKindOf, jobOfExport } from './job.ts';
import type { ExportKind } from './kind.ts';

/** How long a link to the file can be followed. Each GET makes a new one. */
const LINK_SECONDS = 15 * 60;
/** How long the file is kept, by the bucket's own rule. */
const KEPT_DAYS = 7;

export interface ExportDeps {
  readonly jobs: Jobs;
  readonly exportStorage: ExportStorage;
  readonly clock: Clock;
}

const ExportReport = z
  .object({
    id: ExportId,
    kind: z.string(),
    status: JobStatus,
    rows: z.int().describe('Written so far.'),
    createdAt: Instant,
    finishedAt: Instant.optional(),
    problem: z.string().optional().describe('Why it failed, or that the file is gone.'),
    url: z.string().optional().describe('Where to fetch the file, without a token; made anew by each GET.'),
    expiresAt: Instant.optional().describe('When url ends.'),
  })
  .meta({ id: 'ExportReport' });

const shown = (job: Job, { kind }: ExportKind) => ({
  ...job,
  id: exportOfJob(job.id),
  kind,
  rows: job.counts.rows ?? 0,
});

/** The link to a finished export; what to say instead once the bucket has dropped the file. */
const linkTo = async (job: Job, { kind }: ExportKind, { exportStorage, clock }: ExportDeps) => {
  if (job.status !== 'succeeded' || job.finishedAt === undefined) return {};
  const now = Date.parse(clock.now());
  if (now >= Date.parse(job.finishedAt) + KEPT_DAYS * 86_400_000)
    return { problem: 'The file was kept for 7 days. Start another export.' };
  const name = `${kind}-${job.createdAt.slice(0, 10)}.csv`;
  return {
    url: await exportFile(exportStorage, job.id, kind).url(name, LINK_SECONDS),
    expiresAt: instantFrom(now + LINK_SECONDS * 1000),
  };
};

/** `POST /v1/exports/<kind>` and `GET /v1/exports/<kind>/{id}` of a kind. `via` is `/v1/exports/{kind}` where kinds share the gateway's routes. */
export const exportRoutes = (
  kind: ExportKind,
  { read, via }: { readonly read: Scope; readonly via?: string },
) => {
  const start = route({
    method: 'POST',
    path: `/v1/exports/${kind.kind}`,
    ...(via !== undefined && { via }),
    scope: read,
    // The file holds everyone's records.
    adminsOnly: true,
    summary: `Export ${kind.kind} as a CSV file`,
    description: `Answers at once; the file is written by a job. ${kind.description ?? ''}Columns: ${kind.columns.join(', ')}. What a spreadsheet would take for a formula has an apostrophe before it.`,
    body: kind.filters,
    example: {},
    response: ExportReport,
    status: 202,
    idempotent: true,
    async handle(request, { jobs, clock }: ExportDeps) {
      const id = idOfNew(JobId, request, clock);
      const input = z.record(z.string(), z.unknown()).parse(request.body);
      return shown(
        await jobs.startFor(newJob({ id, kind: jobKindOf(kind.kind), input }, clock), request),
        kind,
      );
    },
  });

  const show = route({
    method: 'GET',
    path: `/v1/exports/${kind.kind}/{id}`,
    ...(via !== undefined && { via: `${via}/{id}` }),
    scope: read,
    adminsOnly: true,
    summary: `Get the progress of an export of ${kind.kind}, and a link to its file`,
    description: 'The link ends after 15 minutes, the file is kept for 7 days.',
    params: z.object({ id: ExportId }),
    response: ExportReport,
    async handle({ params }, deps: ExportDeps) {
      const job = await deps.jobs.get(jobOfExport(params.id), jobKindOf(kind.kind));
      return { ...shown(job, kind), ...(await linkTo(job, kind, deps)) };
    },
  });

  return [start, show] as const;
};
