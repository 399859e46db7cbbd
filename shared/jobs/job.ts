import * as z from 'zod';
import { defineEntity } from '../dynamodb/entity.ts';
import { JobId } from '../ids/id.ts';
import { type Clock, Instant } from '../time/instant.ts';

export const JobStatus = z.enum(['queued', 'running', 'succeeded', 'failed']);

const Bag = z.record(z.string(), z.unknown());

/** Work of many pages that a service carries on by itself, safe to stop and to start again. */
export const Job = z.object({
  id: JobId,
  /** Which work it is; a handler of the same service knows it. */
  kind: z.string(),
  status: JobStatus,
  /** What it is to do, in the kind's own words. */
  input: Bag,
  /** Where the next page begins, in the kind's own words; absent at the start. */
  position: Bag.optional(),
  /** What came of it so far, under names of the kind's own. */
  counts: z.record(z.string(), z.int()),
  /** What it found that is no number, in the kind's own words. */
  found: Bag.optional(),
  pages: z.int(),
  createdAt: Instant,
  finishedAt: Instant.optional(),
  /** Why it failed. */
  problem: z.string().optional(),
});
export type Job = z.infer<typeof Job>;

/** How long it can be read what a job did. */
const KEPT_SECONDS = 400 * 86_400;

export const jobEntity = defineEntity<Job>({
  type: 'job',
  schema: Job,
  key: (id) => ({ pk: `job#${id}`, sk: 'state' }),
  expiresAt: ({ createdAt }) => Math.floor(Date.parse(createdAt) / 1000) + KEPT_SECONDS,
});

export const newJob = (
  job: Pick<Job, 'id' | 'kind'> & { readonly input: Readonly<Record<string, unknown>> },
  clock: Clock,
): Job => ({
  ...job,
  input: { ...job.input },
  status: 'queued',
  counts: {},
  pages: 0,
  createdAt: clock.now(),
});

/** The counts together; a name that only one of them has is taken as it is. */
export const addedCounts = (
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> => {
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};
