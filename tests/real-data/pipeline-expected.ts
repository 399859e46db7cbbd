import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { pipelineFile } from './pipeline-import.ts';

const Figures = z.object({
  won: z.number(),
  lost: z.number(),
  revenue: z.number(),
  closed: z.number().optional(),
  win_rate: z.number().nullable(),
  avg_deal_size: z.number().nullable().optional(),
  median_deal_size: z.number().nullable().optional(),
  avg_cycle_days_won: z.number().nullable().optional(),
  avg_cycle_days_closed: z.number().nullable().optional(),
  open: z.number().optional(),
});
export type Figures = z.infer<typeof Figures>;

const Groups = z.record(z.string(), Figures);
/** The published answers to the pipeline’s questions. */
export const expected = z
  .object({
    overall: Figures,
    by_agent: Groups,
    by_manager: Groups,
    by_region: Groups,
    by_product: Groups,
    by_sector: Groups,
    by_close_month: Groups,
    no_account: z.number(),
    stages: z.record(z.string(), z.number()),
  })
  .parse(JSON.parse(readFileSync(pipelineFile('expected.json'), 'utf8')));
