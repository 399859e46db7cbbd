import type { EventContract } from '../../../shared/events/contract.ts';
import {
  DealCreated,
  DealLost,
  DealReopened,
  DealStageChanged,
  DealUpdated,
  DealWon,
} from '../../../shared/events/deals.ts';
import type { AccountId, MemberId, PipelineId, ProductId } from '../../../shared/ids/id.ts';
import type { Money } from '../../../shared/money/money.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import { type Deal, dealIdOfExternal, newDeal } from './deal.ts';
import { edit } from './deal-edits.ts';
import { lose, moveStage, reopen, win } from './deal-steps.ts';
import type { LineItem } from './line-items.ts';
import { firstStage, namedStage, type Pipeline, presentStage, unsaidReason } from './pipeline.ts';

/** A deal as another system tells of it. What is absent was not told, and stays as it is. */
export interface ImportedDeal {
  readonly externalId: string;
  readonly name?: string | undefined;
  readonly ownerId: MemberId;
  readonly accountId?: AccountId | undefined;
  readonly productId?: ProductId | undefined;
  readonly pipelineId?: PipelineId | undefined;
  readonly status: Deal['status'];
  /** Of an open deal. */
  readonly stage?: string | undefined;
  readonly amount?: Money | undefined;
  readonly startedAt?: Instant | undefined;
  readonly closedAt?: Instant | undefined;
  readonly expectedCloseOn?: Day | undefined;
  readonly lostReason?: string | undefined;
  readonly source?: string | undefined;
  /** Hash of what was told: the same again is no news, whatever has been done to the deal since. */
  readonly hash: string;
}

export interface ImportDefaults {
  readonly name: string;
  /** Nothing, in the import's currency. */
  readonly amount: Money;
  readonly now: Instant;
  /** The deal's, as told. */
  readonly pipeline: Pipeline;
}

const soleLine = (productId: ProductId, amount: Money): LineItem => ({
  productId,
  quantity: 1,
  unitPrice: amount,
  amount,
});

/** What another system says has happened: neither exit criteria nor approvals are asked for. */
const close = (deal: Deal, told: ImportedDeal, now: Instant, pipeline: Pipeline): Deal => {
  const at = told.closedAt ?? deal.closedAt ?? now;
  switch (told.status) {
    case 'open':
      return told.stage === undefined ? deal : moveStage(deal, told.stage, now, pipeline);
    case 'won':
      return win(deal, { at, now });
    case 'lost':
      return lose(deal, { at, now, reason: told.lostReason ?? unsaidReason(pipeline), pipeline });
  }
};

/** @throws what the rules of a deal throw */
export const importNew = (told: ImportedDeal, defaults: ImportDefaults): Deal => {
  const { externalId, productId, name = defaults.name, amount = defaults.amount } = told;
  const { now, pipeline } = defaults;
  const fresh = newDeal(
    {
      id: dealIdOfExternal(externalId),
      name,
      ownerId: told.ownerId,
      amount,
      // Of a closed deal nobody told where it stood.
      pipelineId: pipeline.id,
      stage: told.stage === undefined ? firstStage(pipeline) : namedStage(pipeline, told.stage),
      externalId,
      lineItems: productId === undefined ? [] : [soleLine(productId, amount)],
      ...(told.accountId && { accountId: told.accountId }),
      ...(told.startedAt && { startedAt: told.startedAt }),
      ...(told.expectedCloseOn && { expectedCloseOn: told.expectedCloseOn }),
      ...(told.source !== undefined && { source: told.source }),
    },
    now,
    pipeline,
  );
  return { ...close(fresh, told, now, pipeline), importHash: told.hash };
};

/** What is told differs from what the deal is, in one of these. */
const differs = (deal: Deal, told: ImportedDeal): boolean =>
  deal.status !== told.status ||
  (told.pipelineId !== undefined && deal.pipelineId !== told.pipelineId) ||
  (told.status === 'open' && told.stage !== undefined && deal.stage !== told.stage) ||
  (told.name !== undefined && deal.name !== told.name) ||
  deal.ownerId !== told.ownerId ||
  (told.accountId !== undefined && deal.accountId !== told.accountId) ||
  (told.productId !== undefined && deal.lineItems[0]?.productId !== told.productId) ||
  (told.amount !== undefined &&
    (deal.amount.amount !== told.amount.amount || deal.amount.currency !== told.amount.currency)) ||
  (told.startedAt !== undefined && deal.startedAt !== told.startedAt) ||
  (told.closedAt !== undefined && deal.closedAt !== told.closedAt) ||
  (told.expectedCloseOn !== undefined && deal.expectedCloseOn !== told.expectedCloseOn) ||
  (told.lostReason !== undefined && deal.lostReason !== told.lostReason) ||
  (told.source !== undefined && deal.source !== told.source);

/**
 * The deal brought to what is told: a closed one is opened, changed and closed anew, in one step. The very same object
 * where nothing differs, or where the same was told before. @throws what the rules of a deal throw
 */
export const importAgain = (
  deal: Deal,
  told: ImportedDeal,
  now: Instant,
  /** The one that is told, or else the deal's own. */
  pipeline: Pipeline,
): Deal => {
  if (deal.importHash === told.hash || deal.deleted || !differs(deal, told)) return deal;
  const there = inPipeline(deal, pipeline);
  const open = there.status === 'open' ? there : reopen(there, { reason: 'import', now, pipeline });
  const amount = told.amount ?? deal.amount;
  const lineItems = told.productId === undefined ? undefined : [soleLine(told.productId, amount)];
  const { name, ownerId, accountId, startedAt, expectedCloseOn, source } = told;
  const edited = edit(
    open,
    { name, ownerId, accountId, startedAt, expectedCloseOn, source, amount },
    { lineItems, now, pipeline },
  );
  const { reopenReason: _reason, ...rest } = edited;
  const kept = deal.reopenReason === undefined ? rest : { ...rest, reopenReason: deal.reopenReason };
  return {
    ...close(
      { ...kept, stageHistory: deal.stageHistory },
      { closedAt: deal.closedAt, ...told },
      now,
      pipeline,
    ),
    importHash: told.hash,
  };
};

/** In another pipeline a deal begins at the stage of the same key, or else at the first; what is told says where it goes from there. */
const inPipeline = (deal: Deal, pipeline: Pipeline): Deal =>
  deal.pipelineId === pipeline.id
    ? deal
    : { ...deal, pipelineId: pipeline.id, stage: presentStage(pipeline, deal.stage) };

/** What an import's change of a deal is called; `before` is absent for a new one. */
export const importEvent = (before: Deal | undefined, after: Deal): EventContract => {
  if (before?.status === after.status) return before.stage === after.stage ? DealUpdated : DealStageChanged;
  if (after.status === 'won') return DealWon;
  if (after.status === 'lost') return DealLost;
  return before === undefined ? DealCreated : DealReopened;
};
