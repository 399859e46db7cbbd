import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { newer } from '../../../shared/dynamodb/expressions.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { EventOf } from '../../../shared/events/contract.ts';
import { droppedBeside, type Outcome } from '../../../shared/events/outcome.ts';
import type { BucketState, MetricsUpdated } from '../../../shared/events/metrics.ts';
import { sumTotals, type Totals } from '../../../shared/kpis/totals.ts';
import { monthOf, monthsOf, type Period } from '../../../shared/time/period.ts';
import { addDays } from '../../../shared/time/zone.ts';

type BucketEvent = EventOf<typeof MetricsUpdated>;

/** Buckets of one scope and month lie together, by day; numbers without a day lie beside them. */
const partition = (scope: string, month: string): string => `bucket#${scope}#${month}`;
const OPEN = 'open';

const bucketKey = ({ scope, day, shard }: Pick<BucketState, 'scope' | 'day' | 'shard'>) => ({
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

/** From so many on, writes go together. */
const BULK = 50;
/** As many as a transaction takes. */
const CHUNK = 100;
const CONCURRENT_CHUNKS = 2;
const CONCURRENT_WRITES = 32;

const writeOf = ({ metadata: { epoch, version }, data }: BucketEvent) => {
  const { counters, sketches, currency } = data;
  const item: Item = {
    ...bucketKey(data),
    type: 'bucket',
    epoch,
    version,
    data: { counters, sketches, currency },
  };
  return { item, condition: newer({ epoch, version }) };
};

/** The service's own copy of metrics' buckets: the newest version of each. */
export class Buckets {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * Keeps each that is news; of one bucket there must be one event. A bulk goes in transactions: they take twice the write
   * units of single writes, and a quarter of the time, which counts when an import moves every bucket there is.
   */
  async keep(events: readonly BucketEvent[]): Promise<Outcome[]> {
    if (events.length < BULK)
      return mapConcurrently(events, CONCURRENT_WRITES, async (event) => this.#keepOne(event));
    const chunks = Array.from({ length: Math.ceil(events.length / CHUNK) }, (_, index) =>
      events.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    return (
      await mapConcurrently(chunks, CONCURRENT_CHUNKS, async (chunk) => this.#keepTogether(chunk))
    ).flat();
  }

  async #keepOne(event: BucketEvent): Promise<Outcome> {
    const { item, condition } = writeOf(event);
    try {
      await this.#table.put(item, condition);
      return 'done';
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return droppedBeside(event.metadata, error.existing.get(0));
    }
  }

  /** One that is no news fails its transaction: it is left out, and the others are tried again. */
  async #keepTogether(chunk: readonly BucketEvent[]): Promise<Outcome[]> {
    const outcomes = new Map<BucketEvent, Outcome>();
    for (;;) {
      const pending = chunk.filter((event) => !outcomes.has(event));
      try {
        await this.#table.transact(
          pending.map((event) => {
            const { item, condition } = writeOf(event);
            return { put: item, condition };
          }),
        );
        return chunk.map((event) => outcomes.get(event) ?? 'done');
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        for (const index of error.indexes) {
          const event = pending[index];
          if (event !== undefined)
            outcomes.set(event, droppedBeside(event.metadata, error.existing.get(index)));
        }
      }
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
