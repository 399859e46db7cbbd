import * as z from 'zod';
import { InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { DealState, ForecastCategory } from '../../../shared/events/deals.ts';
import {
  ContactId,
  DealId,
  derivedId,
  MemberId,
  OrderId,
  RequestId,
  TerritoryId,
} from '../../../shared/ids/id.ts';
import type { Money } from '../../../shared/money/money.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { type LineItem, sumOf } from './line-items.ts';
import { DiscountApproval } from './discount-approval.ts';
import { withForecast } from './forecast.ts';
import type { Pipeline } from './pipeline.ts';
import { SlipHistory } from './slips.ts';
import { StageEntry } from './stage-history.ts';

/** A share of the deal's credit; a deal's shares add up to 10,000 basis points, which is 100 %. */
export const Split = z.strictObject({ memberId: MemberId, basisPoints: z.int().min(1).max(10_000) });
export type Split = z.infer<typeof Split>;

/** Whether a value follows from the deal's stage or was set by hand. */
const Source = z.enum(['stage', 'hand']);

const MAX_CONTACTS = 20;
/** As callers give them; bounded before anyone looks them up. */
export const ContactIds = z
  .array(ContactId)
  .max(MAX_CONTACTS, `must be ${MAX_CONTACTS} at most`)
  .refine((ids) => new Set(ids).size === ids.length, 'must name each contact once');

/** A deal as it is kept: what its events tell, and what only this service needs. */
export const Deal = DealState.omit({ change: true }).extend({
  /** Empty: the owner has all of it. */
  splits: z.array(Split),
  contactIds: z.array(ContactId).optional(),
  /** The deal's own; without it, its account's or its owner's territory counts. */
  territoryId: TerritoryId.optional(),
  /** 0–1: the stage's, unless set by hand. */
  probability: z.number().optional(),
  probabilitySource: Source.optional(),
  forecastCategory: ForecastCategory.optional(),
  forecastCategorySource: Source.optional(),
  nextStep: z.string().optional(),
  nextStepOn: Day.optional(),
  /** When it last moved on other than by its stage: an activity, a next step. */
  movedAt: Instant.optional(),
  ...SlipHistory.shape,
  discountApproval: DiscountApproval.optional(),
  competitor: z.string().optional(),
  /** Why it was last reopened. */
  reopenReason: z.string().optional(),
  /** When it was last written. */
  updatedAt: Instant,
  stageHistory: z.array(StageEntry),
  /** Of the row of a file that it was last imported from. */
  importHash: z.string().optional(),
  /** The change of settings for which it was last written again. */
  recomputedFor: RequestId.optional(),
  /** Orders that belong to it: their revenue is the deal’s. */
  orderIds: z.array(OrderId).optional(),
  /** The order that won it, and what it was won with. Where amount or close differ, a person has closed it anew since. */
  wonByOrder: z.object({ orderId: OrderId, paidAt: Instant, closedAt: Instant, amount: z.int() }).optional(),
});
export type Deal = z.infer<typeof Deal>;

export type Closed = 'won' | 'lost';

/** The same deal of the other system is the same deal here, however often it comes. */
export const dealIdOfExternal = (externalId: string): DealId =>
  derivedId(DealId, 'deal', 'external', externalId);

const MAX_SPLITS = 10;

/** As callers give them; bounded before anyone looks up whom they name. */
export const Splits = z.array(Split).max(MAX_SPLITS, `must be ${MAX_SPLITS} at most`);

/** @throws Unprocessable unless the shares are of different members and add up to 100 % */
export const assertSplits = (splits: readonly Split[]): void => {
  if (splits.length === 0) return;
  const sum = splits.reduce((total, { basisPoints }) => total + basisPoints, 0);
  const members = new Set(splits.map(({ memberId }) => memberId));
  const wrong = [
    ...(splits.length > MAX_SPLITS ? [`must be ${MAX_SPLITS} at most`] : []),
    ...(members.size < splits.length ? ['must name each member once'] : []),
    ...(sum === 10_000 ? [] : [`must add up to 10,000 basis points (100 %), not ${sum}`]),
  ];
  if (wrong.length > 0)
    throw new Unprocessable(
      'The splits do not share out the deal.',
      wrong.map((message) => ({ path: '/splits', message })),
    );
};

/** @throws Unprocessable for money in another currency than the deal's */
export const assertDealCurrency = (
  deal: Pick<Deal, 'amount'>,
  money: Pick<Money, 'currency'>,
  path: string,
): void => {
  if (money.currency === deal.amount.currency) return;
  throw new Unprocessable(
    `The deal is in ${deal.amount.currency}; its amounts can’t be in ${money.currency}.`,
    [{ path: `${path}/currency`, message: `must be ${deal.amount.currency}` }],
  );
};

/**
 * The amount of a deal with these line items: their sum, which a given amount must equal.
 * @throws Unprocessable where it doesn't, or where the items are in several currencies
 */
export const amountOf = (amount: Money | undefined, lineItems: readonly LineItem[]): Money | undefined => {
  const sum = sumOf(lineItems);
  if (amount === undefined || sum === undefined) return amount ?? sum;
  if (amount.currency !== sum.currency) assertDealCurrency({ amount }, sum, '/lineItems/0/unitPrice');
  if (amount.amount !== sum.amount)
    throw new Unprocessable('The amount is not what the line items add up to.', [
      { path: '/amount/amount', message: `must be ${sum.amount}, the sum of the line items, or be left out` },
    ]);
  return amount;
};

/** @throws InvalidTransition unless the deal is open */
export const assertOpen = (deal: Pick<Deal, 'status'>, doing: string): void => {
  if (deal.status === 'open') return;
  throw new InvalidTransition(`The deal is ${deal.status} and can’t be ${doing}. Reopen it first.`);
};

type Fresh = Pick<Deal, 'id' | 'name' | 'ownerId' | 'amount'> &
  Partial<
    Pick<
      Deal,
      | 'accountId'
      | 'contactIds'
      | 'pipelineId'
      | 'stage'
      | 'lineItems'
      | 'splits'
      | 'territoryId'
      | 'probability'
      | 'forecastCategory'
      | 'source'
      | 'startedAt'
      | 'expectedCloseOn'
      | 'nextStep'
      | 'nextStepOn'
      | 'competitor'
      | 'externalId'
    >
  > & { readonly stage: string };

/**
 * An open deal, not yet attributed to anyone. `pipeline` is the one it names.
 * @throws Unprocessable where the rules for stage, start or splits are broken
 */
export const newDeal = (fresh: Fresh, now: Instant, pipeline: Pipeline): Deal => {
  assertSplits(fresh.splits ?? []);
  assertPast(fresh.startedAt, now, '/startedAt');
  const deal: Deal = {
    lineItems: [],
    splits: [],
    ...fresh,
    pipelineId: pipeline.id,
    status: 'open',
    createdAt: now,
    updatedAt: now,
    attribution: { credits: [], territoryPath: [] },
    adjustments: [],
    deleted: false,
    stageHistory: [{ stage: fresh.stage, enteredAt: fresh.startedAt ?? now }],
  };
  return withForecast(deal, pipeline);
};

/** @throws Unprocessable for an instant in the future: what hasn't happened can't be recorded as having happened */
export const assertPast = (at: Instant | undefined, now: Instant, path: string): void => {
  if (at === undefined || at <= now) return;
  throw new Unprocessable(`${path.slice(1)} is in the future.`, [
    { path, message: `must not be later than now, ${now}` },
  ]);
};
