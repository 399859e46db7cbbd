import * as z from 'zod';
import type { OrderState } from '../../../shared/events/deals.ts';
import { bookedNote, rateNote } from '../domain/book-notes.ts';

/** What is said in words of an order's rate, and of where it counts. */
export const OrderNotes = {
  rateNote: z
    .string()
    .optional()
    .describe('Where the day of the payment had no exchange rate: which one was used, or that it waits.'),
  bookedNote: z
    .string()
    .optional()
    .describe('Where something of it counts on another day, because its own lies in a locked period.'),
};

export const notesOfOrder = (order: OrderState) => ({
  rateNote: rateNote(order, { currency: order.currency, day: 'the day of its payment' }),
  bookedNote: bookedNote({
    what: [
      ['Its payment', order.bookedAt],
      ['Its cancellation', order.cancelledBookedAt],
      ...order.refunds.map(({ bookedAt }) => ['A refund', bookedAt] as const),
    ],
    booked: order.booked,
  }),
});
