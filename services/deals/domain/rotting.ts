import type { Instant } from '../../../shared/time/instant.ts';
import type { Deal } from './deal.ts';
import { type Pipeline, stageOf } from './pipeline.ts';

const DAY_MS = 86_400_000;

type Standing = Pick<Deal, 'stageHistory' | 'createdAt' | 'movedAt'>;

/**
 * When something last moved the deal on: it entered its stage, an activity was logged, or its next step was set. Other edits
 * don't move it.
 */
export const lastMovement = ({ stageHistory, createdAt, movedAt }: Standing): Instant => {
  const entered = stageHistory.at(-1)?.enteredAt ?? createdAt;
  return movedAt !== undefined && movedAt > entered ? movedAt : entered;
};

/** The deal, moved at `at`; a late report of an earlier movement changes nothing. */
export const moved = <D extends Deal>(deal: D, at: Instant): D =>
  at > lastMovement(deal) ? { ...deal, movedAt: at } : deal;

const standing = (deal: Standing, now: Instant): number => Date.parse(now) - Date.parse(lastMovement(deal));

/** Whole days since the deal last moved. */
export const daysStanding = (deal: Standing, now: Instant): number =>
  Math.floor(standing(deal, now) / DAY_MS);

/** Whether an open deal has not moved for longer than the rotting days of its stage. */
export const isRotting = (deal: Deal, pipeline: Pipeline, now: Instant): boolean => {
  if (deal.status !== 'open') return false;
  const stage = stageOf(pipeline, deal.stage);
  return stage !== undefined && standing(deal, now) > stage.rottingDays * DAY_MS;
};
