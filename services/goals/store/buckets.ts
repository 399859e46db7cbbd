import { newer } from '../../../shared/dynamodb/expressions.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { EventOf } from '../../../shared/events/contract.ts';
import type { BucketState, MetricsUpdated } from '../../../shared/events/metrics.ts';
import { sumTotals, type Totals } from '../../../shared/kpis/totals.ts';
import { monthOf, monthsOf, type Period } from '../../../shared/time/period.ts';
import { addDays } from '../../../shared/time/zone.ts';

type BucketEvent = EventOf<typeof MetricsUpdated>;

/** Buckets of one scope and month lie together, by day; numbers without a day lie beside them. */
const partition = (scope: string, month: string): string => `bucket#${scope}#${month}`;
const OPEN = 'open';

export const bucketKey = ({ scope, day, shard }: Pick<BucketState, 'scope' | 'day' | 'shard'>) => ({
  pk: partition(scope, day === undefined ? OPEN : monthOf(day)),
  sk: `${day ?? OPEN}#${String(shard).padStart(2, '0')}`,
});

/** Which totals to add up. */
export interface TotalsQuery {
  readonly scope: string;
  readonly period: Period;
  /** Whether the numbers as of now are wanted, instead of those of the period. */
  readonly asOfNow: boolean;
  /** Money of another currency is no part of the sum. */
  readonly currency?: string | undefined;
}

/** What was kept of an event: it was news, it was known already, or something newer is there. */
export type Kept = 'news' | 'known' | 'older';

/** The service's own copy of metrics' buckets: the newest version of each. */
export class Buckets {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async keep({ metadata: { epoch, version }, data }: BucketEvent): Promise<Kept> {
    const { counters, sketches, currency } = data;
    const item: Item = {
      ...bucketKey(data),
      type: 'bucket',
      epoch,
      version,
      data: { counters, sketches, currency },
    };
    try {
      await this.#table.put(item, newer({ epoch, version }));
      return 'news';
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const existing = error.existing.get(0);
      return existing?.epoch === epoch && existing.version === version ? 'known' : 'older';
    }
  }

  /** Reads as many items as the period has days and the scope shards, whatever the number of deals. */
  async totals({ scope, period, asOfNow, currency }: TotalsQuery): Promise<Totals> {
    const queries = asOfNow
      ? [{ pk: partition(scope, OPEN) }]
      : monthsOf(period).map((month) => ({
          pk: partition(scope, month),
          skFrom: period.from,
          // '~' sorts after every shard of the last day.
          skTo: `${addDays(period.to, -1)}#~`,
        }));
    const pages = await Promise.all(queries.map(async (query) => this.#table.query(query)));
    // Only validated buckets are written under these keys: what is read there is trusted.
    const buckets = pages.flatMap(({ items }) =>
      items.map(({ data }) => data as Totals & { currency: string }),
    );
    return sumTotals(
      currency === undefined ? buckets : buckets.filter((bucket) => bucket.currency === currency),
    );
  }
}
