import type { Cause } from '../../../shared/events/cause.ts';
import type { Mover } from '../../../shared/events/metrics.ts';
import { type Address, carriesGoals, counterAttribute, type Delta } from './bucket.ts';
import { type Contribution, difference } from './contribution.ts';
import { type Fact, isNewer, partsOf, withEntries } from './fact.ts';
import { changeBetween, largestMovers } from './movers.ts';
import { packed } from './pack.ts';

/** DynamoDB's limit for a transaction. */
const MAX_ITEMS = 100;

/** A fact that an event brings. */
export interface Incoming {
  readonly fact: Fact;
  readonly cause: Cause;
}

/** A fact as kept. `revision` rises with each write of it and guards the next one. */
export interface KeptFact {
  readonly fact: Fact;
  readonly revision: number;
}

export interface FactChange {
  readonly kept: KeptFact | undefined;
  readonly next: Fact;
  readonly difference: Contribution;
  readonly cause: Cause;
}

export interface BucketChange {
  readonly address: Address;
  readonly add: Delta;
  readonly currency: string;
  /** Of the largest mover. */
  readonly cause: Cause;
  /** Empty where nobody is told. */
  readonly movers: readonly Mover[];
}

/** One transaction: facts with exactly what they change in the buckets. */
export interface FoldStep {
  readonly facts: readonly FactChange[];
  readonly buckets: readonly BucketChange[];
}

/** Of several versions of one subject only the newest matters: counters are differences of facts, not of events. */
export const newestOf = (incoming: readonly Incoming[]): ReadonlyMap<string, Incoming> => {
  const newest = new Map<string, Incoming>();
  for (const each of incoming) {
    if (isNewer(each.fact, newest.get(each.fact.subject)?.fact)) newest.set(each.fact.subject, each);
  }
  return newest;
};

/**
 * A change that touches more buckets than a transaction takes goes entry by entry: first the old ones away, then the new
 * ones in, each step leaving a fact that says what is counted. All but the last keep the old version, so that a crash
 * in between leaves the event news.
 */
const inSteps = ({ kept, next, cause }: FactChange): FactChange[] => {
  const { epoch, version } = kept?.fact ?? { epoch: 0, version: 0 };
  const entriesOf = (fact: Fact | undefined) => (fact ? partsOf(fact).flatMap(({ entries }) => entries) : []);
  const fading = entriesOf(kept?.fact).map((_, gone) => withEntries(kept?.fact ?? next, (n) => n > gone));
  const growing = entriesOf(next).map((_, last) => ({
    ...withEntries(next, (n) => n <= last),
    epoch,
    version,
  }));
  const steps: FactChange[] = [];
  let from = kept;
  for (const fact of [...fading, ...growing.slice(0, -1), next]) {
    steps.push({ kept: from, next: fact, difference: difference(from?.fact, fact), cause });
    from = { fact, revision: (from?.revision ?? 0) + 1 };
  }
  return steps;
};

const moverOf = ({ kept, next }: FactChange, add: Delta): Mover => ({
  kind: next.kind,
  id: next.subject,
  name: next.name,
  change: changeBetween(kept?.fact, next),
  wonRevenue: add[counterAttribute('wonRevenue')] ?? 0,
});

const stepOf = (facts: readonly FactChange[]): FoldStep => {
  const moves = facts.flatMap((fact) =>
    [...fact.difference].map(([id, { address, add }]) => ({
      id,
      address,
      add,
      fact,
      mover: moverOf(fact, add),
    })),
  );
  const buckets = [...Map.groupBy(moves, ({ id }) => id).values()].flatMap((group): BucketChange[] => {
    const [largest] = group.toSorted((a, b) => Math.abs(b.mover.wonRevenue) - Math.abs(a.mover.wonRevenue));
    if (largest === undefined) return [];
    const add: Record<string, number> = {};
    for (const move of group)
      for (const [name, by] of Object.entries(move.add)) add[name] = (add[name] ?? 0) + by;
    const changesCurrency = group.some(
      ({ fact: { kept, next } }) => kept !== undefined && kept.fact.currency !== next.currency,
    );
    if (!changesCurrency && Object.values(add).every((by) => by === 0)) return [];
    return [
      {
        address: largest.address,
        add,
        currency: largest.fact.next.currency,
        cause: largest.fact.cause,
        movers: carriesGoals(largest.address.dimension) ? largestMovers(group.map(({ mover }) => mover)) : [],
      },
    ];
  });
  return { facts, buckets };
};

/** What is to be written so that the newest facts are kept and counted; nothing for those that are not news. */
export const planFold = (
  newest: Iterable<Incoming>,
  kept: ReadonlyMap<string, KeptFact>,
  maxItems = MAX_ITEMS,
): FoldStep[] => {
  const changes = [...newest].flatMap(({ fact, cause }): FactChange[] => {
    const before = kept.get(fact.subject);
    if (!isNewer(fact, before?.fact)) return [];
    return [{ kept: before, next: fact, difference: difference(before?.fact, fact), cause }];
  });
  const isWide = (change: FactChange): boolean => change.difference.size >= maxItems;
  const groups = packed(
    changes.filter((change) => !isWide(change)),
    (change) => change.difference.keys(),
    maxItems,
  );
  return [
    ...groups.map(stepOf),
    ...changes
      .filter(isWide)
      .flatMap(inSteps)
      .map((change) => stepOf([change])),
  ];
};
