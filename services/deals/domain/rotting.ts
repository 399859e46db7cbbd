import type { Instant } from '../../../shared/time/instant.ts';
import type { Deal } from './deal.ts';
import { pipelineOf } from './pipeline.ts';

const DAY_MS = 86_400_000;

/** Milliseconds for which a deal has stood in its stage. */
const standing = (deal: Deal, now: Instant): number =>
  Date.parse(now) - Date.parse(deal.stageHistory.at(-1)?.enteredAt ?? deal.createdAt);

/** Whole days for which a deal has stood in its stage. */
export const daysInStage = (deal: Deal, now: Instant): number => Math.floor(standing(deal, now) / DAY_MS);

/** Whether an open deal stands in its stage for longer than the stage's rotting days. */
export const isRotting = (deal: Deal, now: Instant): boolean => {
  if (deal.status !== 'open') return false;
  const stage = pipelineOf(deal.pipelineId).stages.find(({ key }) => key === deal.stage);
  return stage !== undefined && standing(deal, now) > stage.rottingDays * DAY_MS;
};
