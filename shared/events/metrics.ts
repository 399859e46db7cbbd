import * as z from 'zod';
import { Day } from '../time/instant.ts';
import { event } from './contract.ts';
import { jobAdvanced } from './job-advanced.ts';

/** Whose numbers: `org`, or `<kind>:<id>` as in `team:team_01J…`. */
export const ScopeText = z
  .string()
  .regex(/^(org|[a-z]+:.+)$/, 'must be org, or kind:id such as team:team_01J…');

/** What moved a bucket, for people to read: the deal or order, and its effect on won revenue in minor units. */
export const Mover = z.object({
  kind: z.enum(['deal', 'order']),
  id: z.string(),
  name: z.string(),
  change: z.enum([
    'created',
    'updated',
    'won',
    'lost',
    'reopened',
    'refunded',
    'paid',
    'cancelled',
    'deleted',
  ]),
  wonRevenue: z.int(),
});
export type Mover = z.infer<typeof Mover>;

/**
 * One bucket of counters: a scope on a day, in one of the scope's shards. `day` is absent for numbers that have no
 * day (open deals). The version is the bucket's; a later one replaces an earlier one whole.
 */
export const BucketState = z.object({
  scope: ScopeText,
  day: Day.optional(),
  shard: z.int(),
  /** Additive counters, by the names of `shared/kpis/counters.ts`; money in minor units of `currency`. */
  counters: z.record(z.string(), z.int()),
  /** Quantile sketches: bin → count. */
  sketches: z.record(z.string(), z.record(z.string(), z.int())),
  currency: z.string(),
  /** The largest movers of the latest changes, at most 10. */
  movers: z.array(Mover),
});
export type BucketState = z.infer<typeof BucketState>;

export const MetricsUpdated = event({
  service: 'metrics',
  name: 'MetricsUpdated',
  major: 1,
  description: 'A bucket of counters moved; carries the whole bucket.',
  data: BucketState,
});

/** A slice of a job is due. Kept inside the service that runs the job. */
export const MetricsJobAdvanced = jobAdvanced('metrics', 'MetricsJobAdvanced');
