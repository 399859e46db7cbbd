import * as z from 'zod';
import { PipelineId } from '../../../shared/ids/id.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import type { Deal } from './deal.ts';
import { withForecast } from './forecast.ts';
import { isSame } from './patch.ts';
import { type Pipeline, presentStage } from './pipeline.ts';
import { entered } from './stage-history.ts';

export const MIGRATE_PIPELINE = 'migrate-pipeline';

export const MigrationInput = z.object({
  pipelineId: PipelineId,
  /** Where the deals of each stage go. */
  stages: z.record(z.string(), z.string()),
});

/**
 * The pipeline's open deal, brought to what the pipeline has become: to the stage that followed its own, with that one's chance and
 * forecast category unless set by hand. The very same object where it is there already.
 */
export const broughtTo = (deal: Deal, pipeline: Pipeline, now: Instant): Deal => {
  if (deal.pipelineId !== pipeline.id || deal.status !== 'open' || deal.deleted) return deal;
  const stage = presentStage(pipeline, deal.stage);
  const there: Deal =
    stage === deal.stage ? deal : { ...deal, stage, stageHistory: entered(deal.stageHistory, stage, now) };
  const brought = withForecast(there, pipeline);
  return isSame(brought, deal) ? deal : { ...brought, updatedAt: now };
};
