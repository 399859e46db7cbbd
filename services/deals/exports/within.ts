import type { Day } from '../../../shared/time/instant.ts';

/** Whether the day of the instant, or the day itself, is within the range, both ends included. */
export const isWithin = (
  at: string | undefined,
  { from, to }: { from?: Day | undefined; to?: Day | undefined },
) => {
  const day = at?.slice(0, 10) ?? '';
  return (from === undefined || day >= from) && (to === undefined || (day !== '' && day <= to));
};
