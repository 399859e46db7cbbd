import type { Attribution, FrozenRate } from '../../../shared/events/deals.ts';
import { convert } from '../../../shared/money/arithmetic.ts';
import type { Deal } from './deal.ts';

/** Whether the deal has closed and what it counts for is not frozen yet. */
export const awaitsFreezing = (deal: Deal): boolean =>
  deal.status !== 'open' && deal.frozenRate === undefined;

/** The closed deal with attribution and rate frozen; adjustments of a former win are valued anew. */
export const freeze = (deal: Deal, attribution: Attribution, rate: FrozenRate): Deal => ({
  ...deal,
  attribution,
  frozenRate: rate,
  reportingAmount: convert(deal.amount, rate.rate, rate.currency),
  adjustments: deal.adjustments.map((adjustment) => ({
    ...adjustment,
    reportingAmount: convert(adjustment.amount, rate.rate, rate.currency),
  })),
});

/** The open deal as of now: attributed by today's directory, valued at the latest rate where one is known. */
export const revalue = (deal: Deal, attribution: Attribution, rate: FrozenRate | undefined): Deal => {
  const { reportingAmount: _old, ...rest } = deal;
  return {
    ...rest,
    attribution,
    ...(rate && { reportingAmount: convert(deal.amount, rate.rate, rate.currency) }),
  };
};
