import type { Credit } from '../../../shared/events/deals.ts';
import type { CounterName, SketchName } from '../../../shared/kpis/counters.ts';
import type { AccountId, ProductId, StoreId, TerritoryId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';

/** What a deal or order counts on one day, before it is known for whom. Money is in minor units of the fact's currency. */
export interface Entry {
  /** Absent for what holds as of now. */
  readonly day?: Day;
  /** The same in every scope. */
  readonly counts?: Partial<Record<CounterName, number>>;
  /** Won revenue: by share to reps and teams, by line to products, in full elsewhere. */
  readonly credited?: number;
  /** By line to products, in full elsewhere. */
  readonly amounts?: Partial<Record<CounterName, number>>;
  /** The amount that goes into the sketch of deal sizes; by line to products. */
  readonly size?: number;
  /** Days, the same in every scope. */
  readonly samples?: Partial<Record<SketchName, number>>;
  /** All of it is taken away again. */
  readonly reversed?: true;
}

/** Entries, and for whom and what they count. */
export interface Part {
  readonly credits: readonly Credit[];
  readonly territoryPath: readonly TerritoryId[];
  readonly accountId?: AccountId;
  readonly industry?: string;
  readonly source?: string;
  readonly storeId?: StoreId;
  /** Each product's part of the amount, in any unit. */
  readonly products: readonly { readonly productId: ProductId; readonly weight: number }[];
  /** The part of the amount that belongs to no product, in the same unit. */
  readonly otherWeight: number;
  /** Empty for what counts for nothing, as a deleted deal. */
  readonly entries: readonly Entry[];
}

/**
 * Metrics' own copy of a deal or order: what it counts, for whom, and the version of it that says so. Its contribution
 * can be computed again exactly as it was added, whatever the organization's settings have become since.
 */
export interface Fact extends Part {
  /** `deal_…` or `order_…` */
  readonly subject: string;
  readonly kind: 'deal' | 'order';
  /** For people: the deal's name, the order's number. */
  readonly name: string;
  /** The source's version. */
  readonly epoch: number;
  readonly version: number;
  readonly currency: string;
  /** The zone in which the entries' days were told. */
  readonly timeZone: string;
  readonly state: 'open' | 'won' | 'lost' | 'unpaid' | 'paid' | 'cancelled' | 'deleted';
  /** What was given back so far; tells a refund from another change. */
  readonly refunded: number;
  /** What it counted in locked periods by what it was then, with what takes it back. */
  readonly booked?: readonly Part[];
}

/** The settings that decide how something counts. */
export interface Settings {
  readonly timeZone: string;
  readonly reportingCurrency: string;
}

/** Whether (epoch, version) `a` is later than `b`. */
export const isNewer = (
  a: { readonly epoch: number; readonly version: number },
  b: { readonly epoch: number; readonly version: number } | undefined,
): boolean => b === undefined || a.epoch > b.epoch || (a.epoch === b.epoch && a.version > b.version);

/** All that it counts. */
export const partsOf = (fact: Fact): readonly Part[] => [fact, ...(fact.booked ?? [])];

/** The fact with these of its entries alone, numbered through all its parts. */
export const withEntries = (fact: Fact, isWanted: (index: number) => boolean): Fact => {
  let index = -1;
  const wanted = (entries: readonly Entry[]): Entry[] => entries.filter(() => isWanted((index += 1)));
  const entries = wanted(fact.entries);
  const booked = fact.booked?.map((part) => ({ ...part, entries: wanted(part.entries) }));
  return { ...fact, entries, ...(booked !== undefined && { booked }) };
};

/** Lines summed by product, and what is left of the whole; a whole below its lines leaves nothing. */
export const productWeights = (
  whole: number,
  lines: readonly { readonly productId?: ProductId | undefined; readonly amount: number }[],
): Pick<Fact, 'products' | 'otherWeight'> => {
  const weights = new Map<ProductId, number>();
  for (const { productId, amount } of lines) {
    if (productId !== undefined) weights.set(productId, (weights.get(productId) ?? 0) + Math.max(0, amount));
  }
  const products = [...weights].map(([productId, weight]) => ({ productId, weight }));
  const ofProducts = products.reduce((sum, { weight }) => sum + weight, 0);
  return { products, otherWeight: Math.max(0, whole - ofProducts) };
};
