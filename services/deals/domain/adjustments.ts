import {
  Conflict,
  IdempotencyKeyReused,
  InvalidTransition,
  Unprocessable,
} from '../../../shared/errors/errors.ts';
import type { Adjustment } from '../../../shared/events/deals.ts';
import { convert, negateMoney } from '../../../shared/money/arithmetic.ts';
import type { SignedMoney } from '../../../shared/money/money.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { assertDealCurrency, assertPast, type Deal } from './deal.ts';
import { MAX_AMOUNT } from './valuation.ts';

/** Bounds the item. */
const MAX_ADJUSTMENTS = 100;

export type NewAdjustment = Pick<Adjustment, 'id' | 'kind' | 'amount' | 'at' | 'reason'>;

/** Refunds and chargebacks take away, whatever the sign they come with; a correction keeps its own. */
const signed = ({ kind, amount }: NewAdjustment): SignedMoney =>
  kind !== 'correction' && amount.amount > 0 ? negateMoney(amount) : amount;

/**
 * The won deal with one more line of revenue at a date of its own, valued at the deal's frozen rate.
 * @throws InvalidTransition unless it is won; Conflict beyond 100; Unprocessable for another currency, nothing at all, a
 * date in the future or before the close, or more taken back than the deal brought in
 */
export const adjust = (deal: Deal, adjustment: NewAdjustment, now: Instant): Deal => {
  if (deal.status !== 'won' || deal.closedAt === undefined)
    throw new InvalidTransition(`The deal is ${deal.status}; only a won one has revenue to adjust.`);
  const amount = signed(adjustment);
  const known = deal.adjustments.find(({ id }) => id === adjustment.id);
  if (known !== undefined) return repeated(deal, known, { ...adjustment, amount });
  assertDealCurrency(deal, amount, '/amount');
  assertPast(adjustment.at, now, '/at');
  // By day, not instant: a refund dated on the day of the sale may have no time of its own.
  if (adjustment.at.slice(0, 10) < deal.closedAt.slice(0, 10))
    throw new Unprocessable('The adjustment is dated before the deal was won.', [
      { path: '/at', message: `must not be before ${deal.closedAt}` },
    ]);
  if (deal.adjustments.length >= MAX_ADJUSTMENTS)
    throw new Conflict(`The deal has ${MAX_ADJUSTMENTS} adjustments; more can’t be kept.`);
  assertCovered(deal, amount);
  // Without a rate it is valued together with the deal.
  const reportingAmount = deal.frozenRate
    ? convert(amount, deal.frozenRate.rate, deal.frozenRate.currency)
    : { amount: 0, currency: amount.currency };
  return {
    ...deal,
    adjustments: [...deal.adjustments, { ...adjustment, amount, reportingAmount }],
    updatedAt: now,
  };
};

const repeated = (deal: Deal, known: Adjustment, again: NewAdjustment): Deal => {
  const isSame =
    known.kind === again.kind &&
    known.reason === again.reason &&
    known.amount.amount === again.amount.amount &&
    known.amount.currency === again.amount.currency;
  if (isSame) return deal;
  throw new IdempotencyKeyReused();
};

const assertCovered = (deal: Deal, amount: SignedMoney): void => {
  if (amount.amount === 0)
    throw new Unprocessable('An adjustment can’t be of nothing.', [
      { path: '/amount/amount', message: 'must not be 0' },
    ]);
  const left = deal.adjustments.reduce((sum, each) => sum + each.amount.amount, deal.amount.amount);
  if (left + amount.amount > MAX_AMOUNT)
    throw new Unprocessable('The deal would be worth more than can be added up exactly.', [
      { path: '/amount/amount', message: `must be at most ${MAX_AMOUNT - left}` },
    ]);
  if (left + amount.amount < 0)
    throw new Unprocessable('More would be taken back than the deal brought in.', [
      { path: '/amount/amount', message: `must be at most ${left}, which is what is left of it` },
    ]);
};
