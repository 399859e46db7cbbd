import * as z from 'zod';
import { MeasuredKpi } from '../../../shared/events/briefings.ts';
import { derivedId, RequestId, type TrainingAssignmentId } from '../../../shared/ids/id.ts';
import type { KpiId } from '../../../shared/kpis/kpi.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { EffectPart } from './coaching.ts';

/** What training is to better. */
export const effectKpis = ['wonRevenue', 'wonDeals', 'winRate'] as const satisfies readonly KpiId[];
export const EffectKpi = z.enum(effectKpis);
export type EffectKpi = z.infer<typeof EffectKpi>;

const Measured = z.object({ asOf: Instant, kpis: z.record(z.string(), MeasuredKpi) });

/** The member's KPIs in the days before the completion, and from it on. */
export const TrainingEffect = z.object({ before: Measured.optional(), after: Measured.optional() });
export type TrainingEffect = z.infer<typeof TrainingEffect>;

/** An assignment is completed once, so each part has one question; asked twice, it is the same one. */
export const effectRequestId = (id: TrainingAssignmentId, part: EffectPart): RequestId =>
  derivedId(RequestId, 'training-effect', id, part);

/** After less before; undefined until both are known, and where either has no value. */
export const changeOf = ({ before, after }: TrainingEffect, kpi: EffectKpi): number | undefined => {
  const [from, to] = [before?.kpis[kpi]?.value ?? undefined, after?.kpis[kpi]?.value ?? undefined];
  return from === undefined || to === undefined ? undefined : to - from;
};
