import * as z from 'zod';
import { PipelineId } from '../ids/id.ts';
import { event } from './contract.ts';
import { ForecastCategory } from './deals.ts';

/** What deals go through: its stages, in their order. */
export const PipelineState = z.object({
  id: PipelineId,
  name: z.string(),
  stages: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      /** Chance of winning a deal that stands here, 0–1, unless the deal has its own. */
      probability: z.number(),
      rottingDays: z.int(),
      forecastCategory: ForecastCategory,
    }),
  ),
  lostReasons: z.array(z.string()),
  competitors: z.array(z.string()),
  /** 0–1: discounts above it need approval; absent: none does. */
  discountApprovalAbove: z.number().optional(),
  archived: z.boolean(),
});
export type PipelineState = z.infer<typeof PipelineState>;

export const PipelineChanged = event({
  service: 'deals',
  name: 'PipelineChanged',
  major: 1,
  description: 'A pipeline was made or changed.',
  data: PipelineState,
});
