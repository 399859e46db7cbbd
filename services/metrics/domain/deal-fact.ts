import type { DealState } from '../../../shared/events/deals.ts';
import { dayOf, daysBetween } from '../../../shared/time/zone.ts';
import { type Entry, type Fact, productWeights, type Settings } from './fact.ts';

/** Whole days from start to close in the zone; undefined without a start, or with one after the close. */
const cycleOf = ({ startedAt, closedAt }: DealState, timeZone: string): number | undefined => {
  if (startedAt === undefined || closedAt === undefined) return undefined;
  const days = daysBetween(dayOf(startedAt, timeZone), dayOf(closedAt, timeZone));
  return days < 0 ? undefined : days;
};

/** A win without a rate counts as a deal and in no money; `wonUnvalued` keeps it in sight. */
const wonEntry = (deal: DealState, cycle: number | undefined): Entry => {
  const amount = deal.reportingAmount?.amount;
  return {
    counts: {
      wonDeals: 1,
      ...(amount === undefined && { wonUnvalued: 1 }),
      ...(cycle === undefined ? { cycleExcludedWon: 1 } : { cycleDaysWon: cycle }),
    },
    ...(amount !== undefined && { credited: amount, amounts: { wonAmount: amount }, size: amount }),
    ...(cycle !== undefined && { samples: { cycleWon: cycle } }),
  };
};

const lostEntry = (cycle: number | undefined): Entry =>
  cycle === undefined
    ? { counts: { lostDeals: 1, cycleExcludedLost: 1 } }
    : { counts: { lostDeals: 1, cycleDaysLost: cycle }, samples: { cycleLost: cycle } };

const entriesOf = (deal: DealState, timeZone: string): Entry[] => {
  if (deal.deleted) return [];
  const created: Entry = {
    day: dayOf(deal.startedAt ?? deal.createdAt, timeZone),
    counts: { createdDeals: 1 },
  };
  if (deal.status === 'open' || deal.closedAt === undefined) return [created, { counts: { openDeals: 1 } }];
  const day = dayOf(deal.closedAt, timeZone);
  const cycle = cycleOf(deal, timeZone);
  if (deal.status === 'lost') return [created, { day, ...lostEntry(cycle) }];
  const adjustments = deal.adjustments.map(({ at, reportingAmount }): Entry => ({
    day: dayOf(at, timeZone),
    credited: reportingAmount.amount,
  }));
  return [created, { day, ...wonEntry(deal, cycle) }, ...adjustments];
};

/** What the deal, in this version, counts: on which days, in which scopes. */
export const dealFact = (
  deal: DealState,
  { epoch, version }: { readonly epoch: number; readonly version: number },
  { timeZone, reportingCurrency }: Settings,
): Fact => {
  const { credits, territoryPath, accountId, industry } = deal.attribution;
  return {
    subject: deal.id,
    kind: 'deal',
    name: deal.name,
    epoch,
    version,
    // The amount was converted by the settings that held at the close; they may not have come here yet.
    currency: deal.reportingAmount?.currency ?? reportingCurrency,
    timeZone,
    state: deal.deleted ? 'deleted' : deal.status,
    refunded: deal.adjustments.reduce((sum, { reportingAmount }) => sum - reportingAmount.amount, 0),
    credits,
    territoryPath,
    ...(accountId !== undefined && { accountId }),
    ...(industry !== undefined && { industry }),
    ...(deal.source !== undefined && { source: deal.source }),
    ...productWeights(
      deal.amount.amount,
      deal.lineItems.map(({ productId, amount }) => ({ productId, amount: amount.amount })),
    ),
    entries: entriesOf(deal, timeZone),
  };
};
