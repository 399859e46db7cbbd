import { type Address, bucketId, counterAttribute } from '../../../services/metrics/domain/bucket.ts';
import { contribution } from '../../../services/metrics/domain/contribution.ts';
import type { Fact } from '../../../services/metrics/domain/fact.ts';
import { addressOf } from '../../../services/metrics/store/keys.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';

/** The numbers of a bucket, by attribute; zeros are left out. */
export type Numbers = Readonly<Record<string, number>>;

export interface Recomputed {
  readonly address: Address;
  readonly numbers: Numbers;
  /** Of one of its facts. */
  readonly currency: string;
}

const withoutZeros = (numbers: Numbers): Numbers =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0));

/** Adds facts up into the buckets that they count in, the way folding them one by one does. Holds buckets, not facts. */
export class Recomputation {
  readonly #buckets = new Map<
    string,
    { address: Address; numbers: Record<string, number>; currency: string }
  >();
  #facts = 0;

  get facts(): number {
    return this.#facts;
  }

  add(fact: Fact): void {
    this.#facts += 1;
    for (const [id, { address, add }] of contribution(fact)) {
      const bucket = this.#buckets.get(id) ?? { address, numbers: {}, currency: fact.currency };
      for (const [name, by] of Object.entries(add)) bucket.numbers[name] = (bucket.numbers[name] ?? 0) + by;
      this.#buckets.set(id, bucket);
    }
  }

  /** Takes the bucket out: what is left at the end, no live bucket was found for. Undefined where no fact counts in it. */
  take(address: Address): Recomputed | undefined {
    const id = bucketId(address);
    const bucket = this.#buckets.get(id);
    this.#buckets.delete(id);
    return bucket && { ...bucket, numbers: withoutZeros(bucket.numbers) };
  }

  /** All that were not taken and aren't zero. */
  rest(): readonly Recomputed[] {
    return [...this.#buckets.values()]
      .map((bucket) => ({ ...bucket, numbers: withoutZeros(bucket.numbers) }))
      .filter(({ numbers }) => Object.keys(numbers).length > 0);
  }
}

/** What a stored bucket holds; zeros are left out. */
export const numbersOf = (item: Item): Numbers =>
  withoutZeros(
    Object.fromEntries(
      Object.entries(item).filter(
        (entry): entry is [string, number] =>
          (entry[0].startsWith('c.') || entry[0].startsWith('q.')) && typeof entry[1] === 'number',
      ),
    ),
  );

export const addressOfBucket = ({ pk, sk }: Item): Address => addressOf({ pk: String(pk), sk: String(sk) });

export type Finding = 'equal' | 'differing' | 'missing' | 'surplus';

export interface Difference {
  readonly bucket: string;
  readonly finding: Exclude<Finding, 'equal'>;
  /** By attribute: what is there, and what the facts say. */
  readonly numbers: Readonly<Record<string, { readonly live: number; readonly recomputed: number }>>;
}

/** Undefined where they are equal. */
export const differenceBetween = (
  address: Address,
  live: Numbers | undefined,
  recomputed: Numbers | undefined,
): Difference | undefined => {
  const names = [...new Set([...Object.keys(live ?? {}), ...Object.keys(recomputed ?? {})])].toSorted();
  const differing = names
    .map((name) => [name, { live: live?.[name] ?? 0, recomputed: recomputed?.[name] ?? 0 }] as const)
    .filter(([, numbers]) => numbers.live !== numbers.recomputed);
  if (differing.length === 0) return undefined;
  return {
    bucket: bucketId(address),
    finding: live === undefined ? 'missing' : recomputed === undefined ? 'surplus' : 'differing',
    numbers: Object.fromEntries(differing),
  };
};

/** How far it is off, for the largest to stand first: by won revenue, then by any number. */
const sizeOf = ({ numbers }: Difference): readonly [number, number] => {
  const off = ({ live, recomputed }: { live: number; recomputed: number }) => Math.abs(live - recomputed);
  const revenue = numbers[counterAttribute('wonRevenue')];
  return [revenue === undefined ? 0 : off(revenue), Math.max(0, ...Object.values(numbers).map(off))];
};

/** The `most` largest, the largest first. */
export const largestOf = (differences: readonly Difference[], most: number): readonly Difference[] =>
  differences
    .map((difference) => ({ difference, size: sizeOf(difference) }))
    .toSorted((a, b) => b.size[0] - a.size[0] || b.size[1] - a.size[1])
    .slice(0, most)
    .map(({ difference }) => difference);
