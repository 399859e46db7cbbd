import * as z from 'zod';
import { queryList } from '../../../shared/http/page.ts';
import { KpiId, kpiIds } from '../../../shared/kpis/kpi.ts';
import { Instant } from '../../../shared/time/instant.ts';

export const kpisQuery = queryList(KpiId)
  .optional()
  .describe(
    `Which KPIs, separated by commas; all that make sense for the scope unless given. One or more of ${kpiIds.join(', ')}.`,
  );

export const Unit = z.enum(['money', 'count', 'ratio', 'days']);

export const Answer = z.object({
  value: z
    .number()
    .nullable()
    .describe('Money in minor units of `currency`, ratios 0–1. Null, with a reason, where there is none.'),
  unit: Unit,
  currency: z.string().optional(),
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  n: z.int().describe('How many deals or orders stand behind the value.'),
  definitionVersion: z.int(),
  reason: z.string().optional(),
  lowSample: z.boolean().optional().describe('n is below 5.'),
  excluded: z.int().optional().describe('How many are left out; `reason` says why.'),
  percentiles: z.object({ p50: z.number(), p75: z.number(), p90: z.number() }).optional(),
  netOfRefunds: z.number().optional(),
});

export const Answers = z.partialRecord(KpiId, Answer);

/** What every report says of itself. */
export const reportFacts = { scope: z.string(), period: z.string(), asOf: Instant };
