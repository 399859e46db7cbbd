import * as z from 'zod';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { DealId, TeamId } from '../../../shared/ids/id.ts';
import { bookedNote, rateNote } from '../domain/book-notes.ts';
import { Deal } from '../domain/deal.ts';

/** A deal as the interface shows it; its stage history has a route of its own. */
export const DealResource = Deal.omit({
  stageHistory: true,
  importHash: true,
  recomputedFor: true,
  deleted: true,
})
  .extend({
    teamId: TeamId.optional().describe('The owner’s team; of a closed deal, as it was at the close.'),
    rateNote: z
      .string()
      .optional()
      .describe('Where the day of the close had no exchange rate: which one was used, or that it waits.'),
    bookedNote: z
      .string()
      .optional()
      .describe('Where something of it counts on another day, because its own lies in a locked period.'),
    version: z.int(),
  })
  .meta({ id: 'Deal' });

export const dealParams = z.object({ id: DealId });

export const shownDeal = (deal: Stored<Deal>) => {
  const credit = deal.attribution.credits.find(({ memberId }) => memberId === deal.ownerId);
  return {
    ...deal,
    teamId: (credit ?? deal.attribution.credits[0])?.teamPath[0],
    rateNote: rateNote(deal, { currency: deal.amount.currency, day: 'the day of its close' }),
    bookedNote: bookedNote({
      what: [
        ['Its beginning', deal.createdBookedAt],
        [deal.status === 'lost' ? 'Its loss' : 'Its win', deal.bookedAt],
        ...deal.adjustments.map(({ kind, bookedAt }) => [`A ${kind}`, bookedAt] as const),
      ],
      booked: deal.booked,
    }),
  };
};
