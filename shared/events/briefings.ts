import * as z from 'zod';
import { RequestId } from '../ids/id.ts';
import { KpiId } from '../kpis/kpi.ts';
import { Day, Instant } from '../time/instant.ts';
import { event } from './contract.ts';

/** Whose KPIs are asked for. */
const AskedScope = z.string().regex(/^(rep:mem|team:team)_[0-9A-Z]{26}$/, 'must be rep:mem_… or team:team_…');

/** What the answer is for; it comes back with it. `id` is the record that asked, `part` the place in it. */
export const Purpose = z.object({
  kind: z.enum(['coaching', 'review', 'meeting', 'training']),
  id: z.string().min(1),
  part: z.string().min(1),
});
export type Purpose = z.infer<typeof Purpose>;

/** From `from` until before `to`, in days of the organization. */
const question = { scope: AskedScope, from: Day, to: Day, purpose: Purpose };

/** As metrics answers it: money in minor units of `currency`, ratios 0–1; null, with a reason, where there is none. */
export const MeasuredKpi = z.object({
  value: z.number().nullable(),
  unit: z.string(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  n: z.int(),
  currency: z.string().optional(),
  reason: z.string().optional(),
});
export type MeasuredKpi = z.infer<typeof MeasuredKpi>;

export const KpisRequested = event({
  service: 'team',
  name: 'KpisRequested',
  major: 1,
  description: 'Metrics is asked for KPIs of a rep or a team; it answers with KpisMeasured.',
  data: z.object({ id: RequestId, kpis: z.array(KpiId).min(1), ...question }),
});

export const KpisMeasured = event({
  service: 'metrics',
  name: 'KpisMeasured',
  major: 1,
  description: 'The KPIs that were asked for, as they stood at `asOf`.',
  data: z.object({
    requestId: RequestId,
    ...question,
    asOf: Instant,
    kpis: z.record(z.string(), MeasuredKpi),
  }),
});
