import * as z from 'zod';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { FrozenRate } from '../../../shared/events/deals.ts';
import { crossRate } from '../../../shared/money/arithmetic.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day } from '../../../shared/time/instant.ts';

/** Above zero, with up to 12 decimals; a decimal text, because a float can't keep it exactly. */
export const Rate = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal such as "1.0832"')
  .refine((text) => /[1-9]/.test(text), 'must be above zero');

/** Rates of one day: how many major units of `base` one major unit of each currency buys. */
export const FxRates = z.object({
  /** The day, as an id. */
  id: Day,
  day: Day,
  base: Currency,
  rates: z.record(Currency, Rate),
});
export type FxRates = z.infer<typeof FxRates>;

/** How many units of `base` one unit of a currency buys, and as of when. */
interface Leg {
  readonly rate: string;
  readonly day: Day;
}

const latestLeg = (
  known: readonly FxRates[],
  base: Currency,
  currency: Currency,
  day: Day,
): Leg | undefined => {
  if (currency === base) return { rate: '1', day };
  const latest = known
    .filter((each) => each.base === base && each.day <= day && each.rates[currency] !== undefined)
    .reduce<FxRates | undefined>(
      (best, each) => (best === undefined || each.day > best.day ? each : best),
      undefined,
    );
  const rate = latest?.rates[currency];
  return latest && rate !== undefined ? { rate, day: latest.day } : undefined;
};

/**
 * The rate of the latest day up to `day` that has one. `known` may be in any order, and hold other days. Rates to a former
 * reporting currency serve as well: the way leads over it, and is as old as the older of its two rates.
 * @returns undefined where no such day is known
 */
export const rateOn = (
  known: readonly FxRates[],
  {
    currency,
    reporting,
    day,
  }: { readonly currency: Currency; readonly reporting: Currency; readonly day: Day },
): FrozenRate | undefined => {
  if (currency === reporting) return { currency: reporting, rate: '1', day };
  const direct = latestLeg(known, reporting, currency, day);
  const others = new Set(known.map(({ base }) => base).filter((base) => base !== reporting));
  const crossed = [...others].flatMap((base): Leg[] => {
    const from = latestLeg(known, base, currency, day);
    const to = latestLeg(known, base, reporting, day);
    if (from === undefined || to === undefined) return [];
    return [{ rate: crossRate(from.rate, to.rate), day: from.day < to.day ? from.day : to.day }];
  });
  const [best] = [...(direct === undefined ? [] : [direct]), ...crossed].toSorted((a, b) =>
    a.day === b.day ? 0 : a.day > b.day ? -1 : 1,
  );
  return best && { currency: reporting, ...best };
};

/** The rate as it is frozen for a day; it says so where it is an earlier day's. */
export const frozenFor = (rate: FrozenRate, day: Day): FrozenRate =>
  rate.day < day ? { ...rate, isEarlier: true } : rate;

/** Why everything that is closed can't be restated in another currency. */
export const noRate = (currency: Currency, reporting: Currency, day: Day): Unprocessable =>
  new Unprocessable(
    `There is no exchange rate from ${currency} to ${reporting} for ${day} or earlier. Set one with PUT /v1/fx-rates/${day}, then repeat.`,
  );
