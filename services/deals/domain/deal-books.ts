import type { Attribution } from '../../../shared/events/deals.ts';
import { canonicalText } from '../../../shared/json/canonical-text.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import type { Deal } from './deal.ts';
import { type Basis, type Books, type Posting, rebook, touchedDates, withReversed } from './rebooking.ts';

const RESULT = 'result';
const CREATED = 'created';

const basisOf = ({ attribution, source, amount, lineItems }: Deal): Basis => ({
  attribution,
  ...(source !== undefined && { source }),
  amount: amount.amount,
  products: lineItems.map((line) => ({ productId: line.productId, amount: line.amount.amount })),
});

/** A count is the same for everyone whom it counts for, whatever their shares. */
const countedFor = ({ attribution, source, products }: Basis): unknown => {
  const { credits, ...rest }: Attribution = attribution;
  return {
    ...rest,
    source,
    people: credits.map(({ memberId, teamPath }) => [memberId, teamPath]),
    products: [...new Set(products.map(({ productId }) => productId))].toSorted(),
  };
};

/** What the deal counts, date by date; what it counts as of now, as an open one, has no date. */
const postingsOf = (deal: Deal | undefined): Posting[] => {
  if (deal === undefined || deal.deleted) return [];
  const { status, startedAt, createdAt, closedAt, reportingAmount } = deal;
  const basis = basisOf(deal);
  const posting = (
    key: string,
    { date, bookedAt, line, basis: of = basis }: Dated & { readonly basis?: unknown },
  ): Posting => ({ key, date, at: bookedAt ?? date, line, told: canonicalText({ line, of }) });
  const created = posting(CREATED, {
    date: startedAt ?? createdAt,
    bookedAt: deal.createdBookedAt,
    line: { kind: 'created' },
    basis: countedFor(basis),
  });
  if (status === 'open' || closedAt === undefined) return [created];
  const result = posting(RESULT, {
    date: closedAt,
    bookedAt: deal.bookedAt,
    line: { kind: status, reportingAmount, startedAt, closedAt },
  });
  if (status === 'lost') return [created, result];
  const adjustments = deal.adjustments.map((adjustment) =>
    posting(adjustment.id, {
      date: adjustment.at,
      bookedAt: adjustment.bookedAt,
      line: { kind: 'adjusted', reportingAmount: adjustment.reportingAmount },
    }),
  );
  return [created, result, ...adjustments];
};

interface Dated {
  readonly date: Instant;
  readonly bookedAt: Instant | undefined;
  readonly line: Posting['line'];
}

/** The dates whose numbers would change; `from` is absent for a new deal. */
export const datesTouched = (from: Deal | undefined, to: Deal): Instant[] =>
  touchedDates(postingsOf(from), postingsOf(to));

/**
 * The deal, settled, with where it counts: what would change a locked period is booked on the first open day after it.
 * @throws Unprocessable where more was booked so than can be kept
 */
export const booked = <T extends Deal>(from: Deal | undefined, to: T, books: Books): T => {
  const { bookedAt, reversed } = rebook(postingsOf(from), postingsOf(to), books);
  const kept = withReversed(from?.booked, from && basisOf(from), reversed);
  return {
    ...to,
    createdBookedAt: bookedAt.get(CREATED),
    bookedAt: bookedAt.get(RESULT),
    adjustments: to.adjustments.map((adjustment) => ({
      ...adjustment,
      bookedAt: bookedAt.get(adjustment.id),
    })),
    booked: kept,
  };
};
