import type { BookedLine, DealState } from '../../../shared/events/deals.ts';
import { dayOf, daysBetween } from '../../../shared/time/zone.ts';
import { bookedParts, sharedBy } from './booked-parts.ts';
import type { Entry, Fact, Settings } from './fact.ts';

/** What was won or lost, as it is counted now or was counted in a locked period. */
type Result = Pick<BookedLine, 'startedAt' | 'closedAt' | 'reportingAmount'>;

/** Whole days from start to close in the zone; undefined without a start, or with one after the close. */
const cycleOf = ({ startedAt, closedAt }: Result, timeZone: string): number | undefined => {
  if (startedAt === undefined || closedAt === undefined) return undefined;
  const days = daysBetween(dayOf(startedAt, timeZone), dayOf(closedAt, timeZone));
  return days < 0 ? undefined : days;
};

/** A win without a rate counts as a deal and in no money; `wonUnvalued` keeps it in sight. */
const wonEntry = (result: Result, timeZone: string): Entry => {
  const amount = result.reportingAmount?.amount;
  const cycle = cycleOf(result, timeZone);
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

const lostEntry = (result: Result, timeZone: string): Entry => {
  const cycle = cycleOf(result, timeZone);
  return cycle === undefined
    ? { counts: { lostDeals: 1, cycleExcludedLost: 1 } }
    : { counts: { lostDeals: 1, cycleDaysLost: cycle }, samples: { cycleLost: cycle } };
};

const created: Entry = { counts: { createdDeals: 1 } };

const bookedEntry = (line: BookedLine, timeZone: string): Entry => {
  switch (line.kind) {
    case 'won':
      return wonEntry(line, timeZone);
    case 'lost':
      return lostEntry(line, timeZone);
    case 'adjusted':
      return { credited: line.reportingAmount?.amount ?? 0 };
    default:
      return created;
  }
};

/** Each on its own date, or where it was booked because that lay in a locked period. */
const entriesOf = (deal: DealState, timeZone: string): Entry[] => {
  if (deal.deleted) return [];
  const createdAt = deal.createdBookedAt ?? deal.startedAt ?? deal.createdAt;
  const creation = { day: dayOf(createdAt, timeZone), ...created };
  if (deal.status === 'open' || deal.closedAt === undefined) return [creation, { counts: { openDeals: 1 } }];
  const day = dayOf(deal.bookedAt ?? deal.closedAt, timeZone);
  if (deal.status === 'lost') return [creation, { day, ...lostEntry(deal, timeZone) }];
  const adjustments = deal.adjustments.map(({ at, bookedAt, reportingAmount }): Entry => ({
    day: dayOf(bookedAt ?? at, timeZone),
    credited: reportingAmount.amount,
  }));
  return [creation, { day, ...wonEntry(deal, timeZone) }, ...adjustments];
};

/** What the deal, in this version, counts: on which days, in which scopes. */
export const dealFact = (
  deal: DealState,
  { epoch, version }: { readonly epoch: number; readonly version: number },
  { timeZone, reportingCurrency }: Settings,
): Fact => {
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
    ...sharedBy({
      attribution: deal.attribution,
      source: deal.source,
      amount: deal.amount.amount,
      products: deal.lineItems.map(({ productId, amount }) => ({ productId, amount: amount.amount })),
    }),
    entries: entriesOf(deal, timeZone),
    ...bookedParts(deal.booked, timeZone, { entryOf: (line) => bookedEntry(line, timeZone) }),
  };
};
