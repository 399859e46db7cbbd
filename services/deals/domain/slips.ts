import * as z from 'zod';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { daysBetween } from '../../../shared/time/zone.ts';

/** The expected close was put off, from one day to a later one. */
export const Slip = z.object({ from: Day, to: Day, at: Instant });

/** How often, and by how much, a deal's expected close was put off. Moving it to an earlier day is no slip, and takes none back. */
export const SlipHistory = z.object({
  /** The first one and the latest 49. */
  slips: z.array(Slip).optional(),
  /** Of all slips, those no longer listed included. */
  slipCount: z.int().optional(),
  /** Days by which the close was put off, all slips together. */
  slipDays: z.int().optional(),
  /** The day it was last expected to close on, while none is set. */
  closeBefore: Day.optional(),
});
export type SlipHistory = z.infer<typeof SlipHistory>;

/** Bounds the item: about 5 KB. */
export const MAX_SLIPS = 50;

/**
 * The history after the expected close went from one day to another, either of which there may be none of. Emptied in
 * between, it slips by what it was before.
 */
export const slipped = (
  { slips = [], slipCount = 0, slipDays = 0, closeBefore }: SlipHistory,
  {
    from: present,
    to,
    at,
  }: { readonly from: Day | undefined; readonly to: Day | undefined; readonly at: Instant },
): SlipHistory => {
  const from = present ?? closeBefore;
  if (from === undefined) return {};
  if (to === undefined) return { closeBefore: from };
  const known = closeBefore === undefined ? {} : { closeBefore: undefined };
  if (to <= from) return known;
  const all = [...slips, { from, to, at }];
  const kept = all.length <= MAX_SLIPS ? all : [...all.slice(0, 1), ...all.slice(all.length - MAX_SLIPS + 1)];
  return { ...known, slips: kept, slipCount: slipCount + 1, slipDays: slipDays + daysBetween(from, to) };
};
