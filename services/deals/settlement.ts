import type { TransactItem } from '../../shared/dynamodb/transact-item.ts';
import type { FrozenRate } from '../../shared/events/deals.ts';
import type { OrganizationState } from '../../shared/events/team.ts';
import type { AccountId } from '../../shared/ids/id.ts';
import type { Day, Instant } from '../../shared/time/instant.ts';
import { dayOf } from '../../shared/time/zone.ts';
import { type AttributedAccount, attributionOn, type DirectoryReader } from './domain/attribution.ts';
import type { Deal } from './domain/deal.ts';
import { booked, datesTouched } from './domain/deal-books.ts';
import { frozenFor } from './domain/fx.ts';
import { isLockable } from './domain/locked-days.ts';
import { openBooks } from './domain/rebooking.ts';
import {
  assertCountable,
  awaitsFreezing,
  awaitsRate,
  freeze,
  revalue,
  withheld,
} from './domain/valuation.ts';
import { rateMarks } from './store/awaiting-rates.ts';
import type { BooksReader } from './store/books.ts';
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
 * then on), as of now for an open one; a deal that is frozen already stays as it is. A close without a rate freezes whom it
 * counts for, and waits: each later write, and each rate that is set, tries anew.
 * @throws Unprocessable for a worth beyond what can be added up
 */
export const settle = async (deal: Deal, sources: SettlementSources, now: Instant): Promise<Deal> => {
  const freezing = awaitsFreezing(deal);
  if (deal.status !== 'open' && !freezing) return deal;
  const { timeZone, reportingCurrency: reporting } = await sources.organization();
  const day = dayOf((freezing ? deal.closedAt : undefined) ?? now, timeZone);
  const { currency } = deal.amount;
  const [attribution, rate] = await Promise.all([
    awaitsRate(deal) ? deal.attribution : attributed(deal, sources, day),
    sources.rate({ currency, reporting, day }),
  ]);
  const settled = !freezing
    ? revalue(deal, attribution, rate)
    : rate === undefined
      ? withheld(deal, attribution, reporting)
      : freeze(deal, attribution, frozenFor(rate, day));
  assertCountable(settled);
  return settled;
};

const attributed = async (deal: Deal, sources: SettlementSources, day: Day) => {
  const account = deal.accountId && (await sources.account(deal.accountId));
  return attributionOn(deal, { day, account, directory: sources.directory });
};

export interface DealWrite {
  readonly deal: Deal;
  /** What is to be written in the same transaction; nothing for most deals. */
  readonly also: readonly TransactItem[];
}

/**
 * The deal, settled and booked, to be written in place of `from` together with what must hold or be kept for it: what changes
 * days that may be locked is written only if the books are those it was booked by.
 * @throws Unprocessable as `settle`, and for more bookings than can be kept
 */
export const settledWrite = async (
  deal: Deal,
  {
    from,
    sources,
    books,
    now,
  }: {
    /** As it is stored; absent for a new one. */
    readonly from: Deal | undefined;
    readonly sources: SettlementSources;
    readonly books: BooksReader;
    readonly now: Instant;
  },
): Promise<DealWrite> => {
  const settled = await settle(deal, sources, now);
  const marks = rateMarks(from, settled);
  const touched = datesTouched(from, settled);
  if (touched.length === 0) return { deal: booked(from, settled, openBooks), also: marks };
  const { timeZone } = await sources.organization();
  if (!touched.some((at) => isLockable(at, { now, timeZone })))
    return { deal: booked(from, settled, openBooks), also: marks };
  const { locked, check } = await books.of(deal.id);
  return { deal: booked(from, settled, { locked, timeZone }), also: [...marks, check] };
};
