import type { SettingsChangeData } from '../../../shared/events/settings-change.ts';
import type { FrozenRate } from '../../../shared/events/deals.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { KnownRate, NeededRate } from '../domain/recomputation.ts';
import type { FxRateStore } from '../store/fx-rate-store.ts';

/** The latest rate from the former reporting currency to the new one, at which what has no day of its own is restated. */
export const latestRate = async (
  rates: FxRateStore,
  { before, after }: SettingsChangeData,
  now: Instant,
): Promise<FrozenRate | undefined> =>
  rates.rate({
    currency: before.reportingCurrency,
    reporting: after.reportingCurrency,
    day: dayOf(now, after.timeZone),
  });

/** Looks these rates up; answers what each came to. */
export const ratesOf = async (rates: FxRateStore, all: readonly NeededRate[]): Promise<KnownRate> => {
  const found = await Promise.all(
    all.map(async (needed) => [keyOf(needed), await rates.rate(needed)] as const),
  );
  const byKey = new Map(found);
  return (needed) => byKey.get(keyOf(needed));
};

const keyOf = ({ currency, reporting, day }: NeededRate): string => `${currency}/${reporting}/${day}`;
