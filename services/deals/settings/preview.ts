import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { MissingRate, SettingsChangeData } from '../../../shared/events/settings-change.ts';
import type { JobPage } from '../../../shared/jobs/handler.ts';
import type { SettingsChangeFound, SettingsChangePage } from '../../../shared/settings-change/job.ts';
import { changesCurrency, changesZone } from '../../../shared/settings-change/what-changes.ts';
import type { Instant } from '../../../shared/time/instant.ts';
import {
  type NeededRate,
  rateForDeal,
  rateForOrder,
  ratesForBooked,
  recomputedDeal,
  recomputedOrder,
} from '../domain/recomputation.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { awaitsRate } from '../domain/valuation.ts';
import { FxRateStore } from '../store/fx-rate-store.ts';
import { CountedPosition, countedPage } from './counted-page.ts';
import { latestRate, ratesOf } from './rates.ts';
import { allPartitions } from './partitions.ts';

const MOST_LISTED = 100;
const CONCURRENT = 10;

const keyOf = ({ currency, day }: MissingRate): string => `${currency} ${day}`;

const problemsOf = (missing: readonly MissingRate[], tooLarge: number, to: string): string[] => [
  ...missing.map(
    ({ currency, day }) =>
      `There is no exchange rate from ${currency} to ${to} for ${day} or earlier. Set one with PUT /v1/fx-rates/${day}.`,
  ),
  ...(tooLarge > 0
    ? [`${tooLarge} deals or orders would be worth more than can be added up exactly in ${to}.`]
    : []),
];

/** Whether what recomputing would write can be counted. */
const fits = (recomputed: () => unknown): boolean => {
  try {
    recomputed();
    return true;
  } catch (error) {
    if (error instanceof Unprocessable) return false;
    throw error;
  }
};

/** What the deals and orders of one page need, and lack. */
const examine = async (
  page: Awaited<ReturnType<typeof countedPage>>,
  change: SettingsChangeData,
  { rates, now }: { readonly rates: FxRateStore; readonly now: Instant },
) => {
  const missing = new Map<string, MissingRate>();
  const note = ({ currency, day }: NeededRate) => missing.set(keyOf({ currency, day }), { currency, day });
  let tooLarge = 0;
  const look = async (needed: NeededRate | undefined, booked: readonly NeededRate[], mayWait: boolean) => {
    const rateOf = await ratesOf(rates, [...(needed === undefined ? [] : [needed]), ...booked]);
    const lacking = [...(needed === undefined || mayWait ? [] : [needed]), ...booked].filter(
      (each) => rateOf(each) === undefined,
    );
    lacking.forEach(note);
    return { rateOf, isLacking: lacking.length > 0 };
  };
  await mapConcurrently(page.deals, CONCURRENT, async (deal) => {
    const needed = rateForDeal(deal, change, now);
    // An open deal waits for its rate, and so may one that waited for it before.
    const mayWait = deal.deleted || deal.status === 'open' || awaitsRate(deal);
    const { rateOf, isLacking } = await look(needed, ratesForBooked(deal, change), mayWait);
    if (!isLacking && !fits(() => recomputedDeal(deal, change, { needed, rateOf }))) tooLarge += 1;
  });
  await mapConcurrently(page.orders, CONCURRENT, async (order) => {
    const needed = rateForOrder(order, change);
    const { rateOf, isLacking } = await look(needed, ratesForBooked(order, change), false);
    if (!isLacking && !fits(() => recomputedOrder(order, change, { needed, rateOf }))) tooLarge += 1;
  });
  return { missing, tooLarge };
};

/** Says how many deals and orders would be told again or revalued, and which have no rate. Writes nothing but that. */
export const previewPage =
  (table: Table): SettingsChangePage =>
  async ({ change, job, found }, { clock }): Promise<JobPage> => {
    if (!changesCurrency(change) && !changesZone(change)) return {};
    const now = clock.now();
    const rates = new FxRateStore(table);
    const position = job.position === undefined ? undefined : CountedPosition.parse(job.position);
    const page = await countedPage(table, await allPartitions(table, new Directory(table)), position);
    const { missing, tooLarge } = await examine(page, change, { rates, now });
    const lacking = new Map([
      ...(found.missingRates ?? []).map((each) => [keyOf(each), each] as const),
      ...missing,
    ]);
    const missingRates = [...lacking.values()].slice(0, MOST_LISTED);
    const rate = changesCurrency(change) ? await latestRate(rates, change, now) : undefined;
    const next: SettingsChangeFound = {
      ...(changesCurrency(change) && { missingRates }),
      ...(rate !== undefined && { rate }),
      problems: problemsOf(
        missingRates,
        (job.counts.tooLarge ?? 0) + tooLarge,
        change.after.reportingCurrency,
      ),
    };
    return {
      position: page.next,
      counts: {
        closedDeals: page.deals.filter(({ status }) => status !== 'open').length,
        openDeals: page.deals.filter(({ status }) => status === 'open').length,
        orders: page.orders.length,
        tooLarge,
      },
      found: next,
    };
  };
