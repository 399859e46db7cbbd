import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import type { ScopeKind } from '../../../shared/kpis/kpi.ts';
import { emptyTotals, sumTotals, type Totals } from '../../../shared/kpis/totals.ts';
import { monthsOf, type Period } from '../../../shared/time/period.ts';
import { addDays } from '../../../shared/time/zone.ts';
import { totalsOfAttributes } from '../domain/bucket.ts';
import { addressOf, bucketPartition, bucketPrefix } from './keys.ts';

/** A report reads one key range per month: ten years are as much as one request may ask for. */
const MAX_MONTHS = 120;
const CONCURRENT_QUERIES = 12;

/** Sorts after every day and shard. */
const LAST = '~';

/** Reads what folding wrote: a number of items bound by the period and the scopes, never by the number of deals. */
export class Buckets {
  readonly #table: Pick<Table, 'query'>;

  constructor(table: Pick<Table, 'query'>) {
    this.#table = table;
  }

  /** `withOpen` adds the numbers as of now. @throws Unprocessable for a period of more than ten years */
  async totals(dimension: ScopeKind, key: string, period: Period, withOpen: boolean): Promise<Totals> {
    const months = await this.byMonth(dimension, key, period);
    return sumTotals([...months.values(), withOpen ? await this.#open(dimension, key) : emptyTotals]);
  }

  /** Every calendar month of the period, in order. @throws Unprocessable for a period of more than ten years */
  async byMonth(dimension: ScopeKind, key: string, period: Period): Promise<ReadonlyMap<string, Totals>> {
    const prefix = bucketPrefix(key);
    const range = { skFrom: `${prefix}${period.from}`, skTo: `${prefix}${addDays(period.to, -1)}#${LAST}` };
    const months = readableMonths(period);
    const found = await mapConcurrently(months, CONCURRENT_QUERIES, async (month) =>
      this.#query({ pk: bucketPartition(dimension, month), ...range }),
    );
    return new Map(
      months.map((month, index) => [month, sumTotals((found[index] ?? []).map(totalsOfAttributes))]),
    );
  }

  /** All scopes of a kind that have numbers. @throws Unprocessable for a period of more than ten years */
  async byKey(dimension: ScopeKind, period: Period, withOpen: boolean): Promise<ReadonlyMap<string, Totals>> {
    const partitions = [
      ...readableMonths(period).map((month) => bucketPartition(dimension, month)),
      ...(withOpen ? [bucketPartition(dimension, undefined)] : []),
    ];
    const pages = await mapConcurrently(partitions, CONCURRENT_QUERIES, async (pk) => this.#query({ pk }));
    const buckets = pages.flat().map((item) => ({ ...addressOf(keyOf(item)), item }));
    const within = buckets.filter(({ day }) => day === undefined || isWithin(day, period));
    const groups = Map.groupBy(within, ({ key }) => key);
    return new Map(
      [...groups].map(([key, group]) => [key, sumTotals(group.map(({ item }) => totalsOfAttributes(item)))]),
    );
  }

  async #open(dimension: ScopeKind, key: string): Promise<Totals> {
    const items = await this.#query({
      pk: bucketPartition(dimension, undefined),
      skPrefix: `${bucketPrefix(key)}#`,
    });
    return sumTotals(items.map(totalsOfAttributes));
  }

  async #query(query: Parameters<Table['query']>[0]): Promise<readonly Item[]> {
    return (await this.#table.query({ ...query, consistent: false })).items;
  }
}

const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

const isWithin = (day: string, { from, to }: Period): boolean => from <= day && day < to;

const readableMonths = (period: Period): string[] => {
  const years = Number(period.to.slice(0, 4)) - Number(period.from.slice(0, 4));
  const months = years > MAX_MONTHS / 12 + 1 ? [] : monthsOf(period);
  if (months.length === 0 || months.length > MAX_MONTHS) {
    throw new Unprocessable(
      `${period.text} is longer than the ${String(MAX_MONTHS / 12)} years that one request may ask for.`,
    );
  }
  return months;
};
