import type { Booked, FrozenRate } from '../../../shared/events/deals.ts';
import type { Instant } from '../../../shared/time/instant.ts';

/** What is said of the rate of something that was closed or paid, where it is not simply that of the day. */
export const rateNote = (
  {
    frozenRate,
    awaitingRate,
  }: { readonly frozenRate?: FrozenRate | undefined; readonly awaitingRate?: true | undefined },
  { currency, day }: { readonly currency: string; readonly day: string },
): string | undefined => {
  if (awaitingRate)
    return `No exchange rate of ${currency} is known for ${day} or earlier. It counts in no money until one is set with PUT /v1/fx-rates/{day}.`;
  if (frozenRate?.isEarlier)
    return `There was no exchange rate of ${currency} for ${day}: that of ${frozenRate.day}, the latest before it, was used.`;
  return undefined;
};

/** What is said of something that counts, or is taken back, on another day than its own. */
export const bookedNote = ({
  what,
  booked = [],
}: {
  /** By what it is called: when it counts instead. */
  readonly what: readonly (readonly [name: string, bookedAt: Instant | undefined])[];
  readonly booked?: readonly Booked[] | undefined;
}): string | undefined => {
  const moved = what.flatMap(([name, at]) =>
    at === undefined ? [] : [`${name} lies in a locked period and counts from ${at}, the first open day.`],
  );
  const lines = booked.flatMap((each) => each.lines);
  const reversed = lines.map(
    ({ kind, at, reversedAt }) =>
      `What was ${kind} on ${at} lies in a locked period: it stays counted there, and is taken back on ${reversedAt}.`,
  );
  const all = [...moved, ...reversed];
  return all.length === 0 ? undefined : all.join(' ');
};
