import type { FrozenRate } from '../../../shared/events/deals.ts';
import type { SettingsChangeData } from '../../../shared/events/settings-change.ts';
import type { RequestId } from '../../../shared/ids/id.ts';
import type { Currency } from '../../../shared/money/money.ts';
import type { Day, Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import { changesCurrency } from '../../../shared/settings-change/what-changes.ts';
import type { OrderRecord } from './commerce/order.ts';
import { valuationOf } from './commerce/order-value.ts';
import type { Deal } from './deal.ts';
import { assertCountable, freeze, revalue } from './valuation.ts';

/** A rate that is needed, by which something is worth what it is in the new reporting currency. */
export interface NeededRate {
  readonly currency: Currency;
  readonly reporting: Currency;
  readonly day: Day;
}

type Change = Pick<SettingsChangeData, 'before' | 'after'>;

const neededOn = ({ after }: Change, currency: Currency, at: Instant): NeededRate => ({
  currency,
  reporting: after.reportingCurrency,
  day: dayOf(at, after.timeZone),
});

/** By the day of the close for a closed deal, as of now for an open one; undefined where the currency stays. */
export const rateForDeal = (deal: Deal, change: Change, now: Instant): NeededRate | undefined => {
  if (!changesCurrency(change)) return undefined;
  const at = deal.status === 'open' ? now : (deal.closedAt ?? now);
  return neededOn(change, deal.amount.currency, at);
};

/** By the day of the payment; undefined where the currency stays, and for an order that is not valued. */
export const rateForOrder = (
  { snapshot, valuation }: OrderRecord,
  change: Change,
): NeededRate | undefined => {
  if (!changesCurrency(change) || snapshot?.paidAt === undefined || valuation === undefined) return undefined;
  return neededOn(change, snapshot.currency, snapshot.paidAt);
};

/**
 * The deal by the new settings. Whom it counts for stays; a closed one is frozen anew, its adjustments with it. Without a rate
 * it is as it was: told again, for its days may be others.
 * @throws Unprocessable for one that would be worth more than can be added up exactly
 */
export const recomputedDeal = <T extends Deal>(
  deal: T,
  {
    id,
    needed,
    rate,
  }: { readonly id: RequestId; readonly needed: boolean; readonly rate: FrozenRate | undefined },
): T => {
  const marked = { ...deal, recomputedFor: id };
  if (!needed) return marked;
  if (deal.status === 'open') {
    const valued = revaluedOpen(deal, rate);
    // An open one that can't be counted could not be written by anything that comes after, either.
    assertCountable(valued);
    return { ...marked, ...valued };
  }
  if (rate === undefined)
    throw new TypeError(`The deal ${deal.id} is closed, and its rate was not looked up.`);
  const frozen = freeze(deal, deal.attribution, rate);
  assertCountable(frozen);
  return { ...marked, ...frozen, recomputedFor: id };
};

const revaluedOpen = (deal: Deal, rate: FrozenRate | undefined): Deal => {
  const { reportingAmount, ...revalued } = revalue(deal, deal.attribution, rate);
  return { ...revalued, reportingAmount };
};

/**
 * The order by the new settings, its refunds with it.
 * @throws Unprocessable for one that would be worth more than can be kept exactly
 */
export const recomputedOrder = <T extends OrderRecord>(
  order: T,
  { id, rate }: { readonly id: RequestId; readonly rate: FrozenRate | undefined },
): T => ({
  ...order,
  recomputedFor: id,
  ...(rate !== undefined && { valuation: valuationOf(order, rate) }),
});
