import { InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import type { Money } from '../../../shared/money/money.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { assertDealCurrency, assertOpen, assertPast, type Closed, type Deal } from './deal.ts';
import { withApprovalKept } from './discounts.ts';
import { withForecast } from './forecast.ts';
import { spreadOver } from './line-items.ts';
import {
  assertCompetitor,
  assertLostReason,
  assertTakesDeals,
  namedStage,
  type Pipeline,
  presentStage,
} from './pipeline.ts';
import { entered } from './stage-history.ts';

/**
 * Forward, back or over several stages, also to those of another pipeline. What leaving its stage asks for is `assertCriteria`'s
 * to check. @throws InvalidTransition for a closed deal; Unprocessable for an unknown stage
 */
export const moveStage = (deal: Deal, named: string, now: Instant, pipeline: Pipeline): Deal => {
  const stage = namedStage(pipeline, named);
  assertOpen(deal, 'moved');
  if (deal.pipelineId === pipeline.id) {
    if (deal.stage === stage) return deal;
  } else assertTakesDeals(pipeline);
  const stageHistory = entered(deal.stageHistory, stage, now);
  return withForecast({ ...deal, pipelineId: pipeline.id, stage, stageHistory, updatedAt: now }, pipeline);
};

export interface Win {
  readonly at: Instant;
  readonly now: Instant;
  /** What it was won for, where that differs from what was expected. */
  readonly amount?: Money | undefined;
}

/**
 * The deal, closed as won at `at`; attribution and rate are still to be frozen.
 * @throws InvalidTransition unless it is open; Unprocessable for a future close, another currency, or less than was taken
 * back after a former win
 */
export const win = (deal: Deal, { at, now, amount }: Win): Deal => {
  assertClosable(deal, 'won', at, now);
  if (amount !== undefined) assertDealCurrency(deal, amount, '/amount');
  assertCoversAdjustments(deal, amount ?? deal.amount);
  const { lostReason: _reason, ...rest } = deal;
  const atAmount: Deal = { ...rest, ...(amount && withAmount(deal, amount)) };
  return closed(withApprovalKept(atAmount), 'won', at, now);
};

export interface Loss {
  readonly at: Instant;
  readonly now: Instant;
  readonly reason: string;
  readonly competitor?: string | undefined;
  /** The deal's own. */
  readonly pipeline: Pipeline;
}

/**
 * The deal, closed as lost; it keeps its last amount.
 * @throws InvalidTransition unless it is open; Unprocessable for a future close, or a reason or competitor that isn't
 * configured
 */
export const lose = (deal: Deal, { at, now, reason, competitor, pipeline }: Loss): Deal => {
  assertLostReason(pipeline, reason, '/reason');
  assertCompetitor(pipeline, competitor);
  assertClosable(deal, 'lost', at, now);
  return closed(
    { ...deal, lostReason: reason, ...(competitor !== undefined && { competitor }) },
    'lost',
    at,
    now,
  );
};

export interface Reopening {
  readonly reason: string;
  readonly now: Instant;
  /** The deal's own. */
  readonly pipeline: Pipeline;
}

/**
 * The closed deal, open again in the stage it was in, or what became of that; its win or loss is undone.
 * @throws InvalidTransition for an open one
 */
export const reopen = (deal: Deal, { reason, now, pipeline }: Reopening): Deal => {
  if (deal.status === 'open') throw new InvalidTransition('The deal is open already.');
  const { closedAt: _at, lostReason: _reason, frozenRate: _rate, awaitingRate: _awaiting, ...rest } = deal;
  const stage = presentStage(pipeline, deal.stage);
  const open: Deal = {
    ...rest,
    status: 'open',
    stage,
    stageEnteredAt: now,
    reopenReason: reason,
    stageHistory: entered(deal.stageHistory, stage, now),
    updatedAt: now,
  };
  return withForecast(open, pipeline);
};

/** A tombstone: the deal goes from all lists and numbers, its item stays. */
export const remove = (deal: Deal, now: Instant): Deal => ({ ...deal, deleted: true, updatedAt: now });

/** The amount and, where the deal has line items, their share of it. */
export const withAmount = (
  deal: Pick<Deal, 'lineItems'>,
  amount: Money,
): Pick<Deal, 'amount' | 'lineItems'> => ({
  amount,
  lineItems: spreadOver(deal.lineItems, amount),
});

const assertClosable = (deal: Deal, as: Closed, at: Instant, now: Instant): void => {
  if (deal.status === as) throw new InvalidTransition(`The deal is ${as} already.`);
  assertOpen(deal, as);
  assertPast(at, now, '/closedAt');
};

/** A deal that was won, partly refunded and reopened keeps its refunds: won again, it can't bring in less than those. */
const assertCoversAdjustments = ({ adjustments }: Deal, { amount }: Money): void => {
  const takenBack = -adjustments.reduce((sum, each) => sum + each.amount.amount, 0);
  if (amount >= takenBack) return;
  throw new Unprocessable('More was taken back from the deal than it would bring in.', [
    { path: '/amount/amount', message: `must be at least ${takenBack}, which was taken back already` },
  ]);
};

const closed = (deal: Deal, status: Closed, at: Instant, now: Instant): Deal => {
  const { frozenRate: _rate, reportingAmount: _amount, awaitingRate: _awaiting, ...rest } = deal;
  return {
    ...rest,
    status,
    closedAt: at,
    stageHistory: entered(deal.stageHistory, status, at),
    updatedAt: now,
  };
};
