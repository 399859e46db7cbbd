import * as z from 'zod';
import { InvalidTransition, Unprocessable } from '../../../shared/errors/errors.ts';
import { ForecastCategory } from '../../../shared/events/deals.ts';
import { AccountId, MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import {
  amountOf,
  assertDealCurrency,
  assertPast,
  assertSplits,
  ContactIds,
  type Deal,
  Splits,
} from './deal.ts';
import { withAmount } from './deal-steps.ts';
import { withApprovalKept } from './discounts.ts';
import { withForecast } from './forecast.ts';
import { type LineItem, LineItems } from './line-items.ts';
import { assertCompetitor, assertLostReason, type Pipeline } from './pipeline.ts';
import { moved } from './rotting.ts';
import { slipped } from './slips.ts';

/** Fields that anyone may set, and empty with null. */
const clearable = {
  accountId: AccountId,
  contactIds: ContactIds.describe('Contacts who take part in it.'),
  territoryId: TerritoryId,
  probability: z.number().min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1'),
  forecastCategory: ForecastCategory.describe('Its stage’s, unless given; null gives it back to the stage.'),
  source: z.string().min(1).max(100),
  startedAt: Instant,
  expectedCloseOn: Day,
  nextStep: z.string().min(1).max(1000),
  nextStepOn: Day.describe('The day on which the next step is due.'),
  competitor: z.string().min(1).max(200),
};

const optional = <Shape extends Record<string, z.ZodType>>(shape: Shape) => z.strictObject(shape).partial();
const nullable = <Shape extends Record<string, z.ZodType>>(shape: Shape) =>
  z.strictObject(
    Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.nullable()])) as {
      [Name in keyof Shape]: z.ZodNullable<Shape[Name]>;
    },
  );

export const DealName = z.string().trim().min(1, 'must not be empty').max(200);

/** What a new deal may have beside its name, owner and stage. */
export const DealDetails = optional(clearable);

/** What an edit may change; null empties a field. Status and stage have steps of their own. */
export const DealEdit = nullable(clearable)
  .extend({
    name: DealName,
    ownerId: MemberId,
    amount: Money,
    lineItems: LineItems,
    splits: Splits,
    lostReason: z.string(),
  })
  .partial();
export type DealEdit = z.infer<typeof DealEdit>;

/** What was frozen when the deal closed, or would change what it counts for. */
const frozenFields = ['amount', 'lineItems', 'splits', 'accountId', 'territoryId', 'startedAt'] as const;

/**
 * The deal with what the edit names changed. Of a closed deal, what it counts for stays: a new owner sees it, and gets no
 * credit.
 * @throws InvalidTransition for what a closed deal has frozen; Unprocessable for another currency, shares that are not
 * 100 %, a start in the future, a sum that the line items don't make
 */
export const edit = (
  deal: Deal,
  { amount, lineItems: _inputs, lostReason, ...edits }: DealEdit,
  {
    lineItems,
    now,
    pipeline,
  }: {
    readonly lineItems?: readonly LineItem[] | undefined;
    readonly now: Instant;
    /** The deal's own. */
    readonly pipeline: Pipeline;
  },
): Deal => {
  assertMayEdit(deal, { ...edits, amount, lineItems });
  if (amount !== undefined) assertDealCurrency(deal, amount, '/amount');
  if (edits.splits !== undefined) assertSplits(edits.splits);
  assertPast(edits.startedAt ?? undefined, now, '/startedAt');
  if (lostReason !== undefined) assertIsLost(deal, lostReason, pipeline);
  if (deal.status === 'lost') assertCompetitor(pipeline, edits.competitor);
  const edited: Deal = {
    ...deal,
    ...Object.fromEntries(
      Object.entries(edits).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value ?? undefined]],
      ),
    ),
    ...money(deal, amount, lineItems),
    ...(lostReason !== undefined && { lostReason }),
    ...sourceOf('probability', edits.probability),
    ...sourceOf('forecastCategory', edits.forecastCategory),
    updatedAt: now,
  };
  const slips = slipped(deal, { from: deal.expectedCloseOn, to: edited.expectedCloseOn, at: now });
  const forecast = withForecast({ ...edited, ...slips }, pipeline);
  return withApprovalKept(hasNewStep(deal, edited) ? moved(forecast, now) : forecast);
};

/** What is set stays as it was set by hand; what is emptied follows the stage again. */
const sourceOf = (field: 'probability' | 'forecastCategory', value: unknown) =>
  value === undefined ? {} : { [`${field}Source`]: value === null ? 'stage' : 'hand' };

/** An open deal whose next step was set anew; taking one away moves nothing on. */
const hasNewStep = (before: Deal, after: Deal): boolean =>
  after.status === 'open' &&
  ((after.nextStep !== undefined && after.nextStep !== before.nextStep) ||
    (after.nextStepOn !== undefined && after.nextStepOn !== before.nextStepOn));

const money = (deal: Deal, amount: Money | undefined, lineItems: readonly LineItem[] | undefined) => {
  if (lineItems === undefined) return amount && withAmount(deal, amount);
  const sum = amountOf(amount, lineItems) ?? deal.amount;
  assertDealCurrency(deal, sum, '/lineItems/0/unitPrice');
  return { amount: sum, lineItems: [...lineItems] };
};

const assertMayEdit = (deal: Deal, edits: Readonly<Record<string, unknown>>): void => {
  if (deal.status === 'open') return;
  const frozen = frozenFields.filter((field) => edits[field] !== undefined);
  if (frozen.length > 0)
    throw new InvalidTransition(
      `The deal is ${deal.status}: ${frozen.join(', ')} can’t change any more. Reopen it, or record an adjustment.`,
    );
};

const assertIsLost = (deal: Deal, lostReason: string, pipeline: Pipeline): void => {
  if (deal.status !== 'lost')
    throw new Unprocessable('Only a lost deal has a reason for it.', [
      { path: '/lostReason', message: `must be left out: the deal is ${deal.status}` },
    ]);
  assertLostReason(pipeline, lostReason, '/lostReason');
};
