import type { FrozenRate } from '../../shared/events/deals.ts';
import type { OrganizationState } from '../../shared/events/team.ts';
import type { AccountId } from '../../shared/ids/id.ts';
import type { Instant } from '../../shared/time/instant.ts';
import { dayOf } from '../../shared/time/zone.ts';
import { type AttributedAccount, attributionOn, type DirectoryReader } from './domain/attribution.ts';
import type { Deal } from './domain/deal.ts';
import { noRate } from './domain/fx.ts';
import { assertCountable, awaitsFreezing, freeze, revalue } from './domain/valuation.ts';
import type { RateQuestion } from './store/fx-rate-store.ts';

type Awaitable<T> = T | Promise<T>;

/** Where a deal's worth is looked up: live for a request, in memory for an import. */
export interface SettlementSources {
  organization(): Awaitable<OrganizationState>;
  readonly directory: DirectoryReader;
  account(id: AccountId): Awaitable<AttributedAccount | undefined>;
  rate(question: RateQuestion): Awaitable<FrozenRate | undefined>;
}

/**
 * Says whom a changed deal counts for and what it is worth: as of the close for one that has just closed (frozen from
 * then on), as of now for an open one; a deal that is frozen already stays as it is.
 * @throws Unprocessable for a close in a currency without a rate, or a worth beyond what can be added up
 */
export const settle = async (deal: Deal, sources: SettlementSources, now: Instant): Promise<Deal> => {
  const freezing = awaitsFreezing(deal);
  if (deal.status !== 'open' && !freezing) return deal;
  const { timeZone, reportingCurrency: reporting } = await sources.organization();
  const day = dayOf((freezing ? deal.closedAt : undefined) ?? now, timeZone);
  const { currency } = deal.amount;
  const [account, rate] = await Promise.all([
    deal.accountId && sources.account(deal.accountId),
    sources.rate({ currency, reporting, day }),
  ]);
  const attribution = await attributionOn(deal, { day, account, directory: sources.directory });
  if (freezing && rate === undefined) throw noRate(currency, reporting, day);
  const settled =
    freezing && rate !== undefined ? freeze(deal, attribution, rate) : revalue(deal, attribution, rate);
  assertCountable(settled);
  return settled;
};
