import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { Attribution, FrozenRate } from '../../../shared/events/deals.ts';
import { convert } from '../../../shared/money/arithmetic.ts';
import type { Currency } from '../../../shared/money/money.ts';
import type { Deal } from './deal.ts';

/** Whether the deal has closed and what it counts for is not frozen yet. */
export const awaitsFreezing = (deal: Deal): boolean =>
  deal.status !== 'open' && deal.frozenRate === undefined;

/** Whether whom it counts for is frozen, though its rate isn't. */
export const awaitsRate = (deal: Deal): boolean => deal.status !== 'open' && deal.awaitingRate === true;

const withoutWorth = ({
  reportingAmount: _amount,
  frozenRate: _rate,
  awaitingRate: _awaiting,
  ...rest
}: Deal) => rest;

/** The closed deal with attribution and rate frozen; adjustments of a former win are valued anew. */
export const freeze = (deal: Deal, attribution: Attribution, rate: FrozenRate): Deal => ({
  ...withoutWorth(deal),
  attribution,
  frozenRate: rate,
  reportingAmount: convert(deal.amount, rate.rate, rate.currency),
  adjustments: deal.adjustments.map((adjustment) => ({
    ...adjustment,
    reportingAmount: convert(adjustment.amount, rate.rate, rate.currency),
  })),
});

/** The closed deal with attribution frozen, and in no money until its rate is known. */
export const withheld = (deal: Deal, attribution: Attribution, reporting: Currency): Deal => ({
  ...withoutWorth(deal),
  attribution,
  awaitingRate: true,
  adjustments: deal.adjustments.map((adjustment) => ({
    ...adjustment,
    reportingAmount: { amount: 0, currency: reporting },
  })),
});

/** The open deal as of now: attributed by today's directory, valued at the latest rate where one is known. */
export const revalue = (deal: Deal, attribution: Attribution, rate: FrozenRate | undefined): Deal => ({
  ...withoutWorth(deal),
  attribution,
  ...(rate && { reportingAmount: convert(deal.amount, rate.rate, rate.currency) }),
});

/** Minor units. Sums over deals are exact below 2^53: ninety deals of this size fit, and no single one can spoil them. */
export const MAX_AMOUNT = 100_000_000_000_000;

/** So many scopes are counted in one write of 100 items, beside the deal itself, the organization, industry, account and source. */
const MAX_SCOPES = 95;

const assertFewScopes = ({ attribution: { credits, territoryPath }, lineItems }: Deal): void => {
  const scopes = new Set<string>([
    ...credits.flatMap(({ memberId, teamPath }) => [memberId, ...teamPath]),
    ...territoryPath,
    ...lineItems.map(({ productId }) => productId),
  ]);
  if (scopes.size <= MAX_SCOPES) return;
  throw new Unprocessable(
    `The deal would count for ${scopes.size} members, teams, territories and products; ${MAX_SCOPES} are the most.`,
  );
};

/** @throws Unprocessable for a deal worth more than can be added up exactly, in its own currency or the reporting one, or for too many */
export const assertCountable = (deal: Deal): void => {
  assertFewScopes(deal);
  const { amount, reportingAmount } = deal;
  const tooLarge = [amount, reportingAmount].find(
    (money) => money !== undefined && money.amount > MAX_AMOUNT,
  );
  if (tooLarge === undefined) return;
  throw new Unprocessable('The deal is worth more than can be added up exactly.', [
    {
      path: '/amount/amount',
      message: `must come to ${MAX_AMOUNT} minor units of ${tooLarge.currency} at most`,
    },
  ]);
};
