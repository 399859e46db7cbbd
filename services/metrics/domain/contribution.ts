import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import type { ScopeKind } from '../../../shared/kpis/kpi.ts';
import { splitByWeights } from '../../../shared/money/split.ts';
import { binOf } from '../../../shared/statistics/sketch.ts';
import {
  type Address,
  bucketId,
  counterAttribute,
  type Delta,
  scopeKey,
  shardOf,
  sketchAttribute,
} from './bucket.ts';
import { type Entry, type Fact, type Part, partsOf } from './fact.ts';

/** What something adds, bucket by bucket. */
export type Contribution = ReadonlyMap<string, { readonly address: Address; readonly add: Delta }>;

/** A scope that a fact counts in, with its parts of an amount. */
interface Share {
  readonly dimension: ScopeKind;
  readonly key: string;
  /** The scope's part of won revenue. */
  readonly credited: (amount: number) => number;
  /** The scope's part of other amounts. */
  readonly amount: (amount: number) => number;
}

const all = (amount: number): number => amount;

const whole = (dimension: ScopeKind, text: string | undefined): Share[] => {
  const key = scopeKey(text ?? '');
  return key === '' ? [] : [{ dimension, key, credited: all, amount: all }];
};

/** Credits of one member are one; a team counts each deal once, with the sum of its members' shares. */
const peopleShares = ({ credits }: Part): Share[] => {
  const points = credits.map(({ basisPoints }) => basisPoints);
  const unassigned = Math.max(0, 10_000 - points.reduce((sum, each) => sum + each, 0));
  const split = (amount: number): number[] => splitByWeights(amount, [...points, unassigned]);
  const scopes = new Map<
    string,
    { readonly dimension: ScopeKind; readonly key: string; readonly of: Set<number> }
  >();
  for (const [index, { memberId, teamPath }] of credits.entries()) {
    for (const [dimension, key] of [
      ['rep', memberId] as const,
      ...teamPath.map((id) => ['team', id] as const),
    ]) {
      const scope = scopes.get(key) ?? { dimension, key, of: new Set<number>() };
      scope.of.add(index);
      scopes.set(key, scope);
    }
  }
  return [...scopes.values()].map(({ dimension, key, of }) => ({
    dimension,
    key,
    credited: (amount) => split(amount).reduce((sum, part, index) => (of.has(index) ? sum + part : sum), 0),
    amount: all,
  }));
};

const productShares = ({ products, otherWeight }: Part): Share[] => {
  const weights = [...products.map(({ weight }) => weight), otherWeight];
  return products.map(({ productId }, index) => {
    const part = (amount: number): number => splitByWeights(amount, weights)[index] ?? 0;
    return { dimension: 'product', key: productId, credited: part, amount: part };
  });
};

const sharesOf = (part: Part): Share[] =>
  part.source === CANARY_SOURCE ? whole('source', CANARY_SOURCE) : sharesOfAll(part);

const sharesOfAll = (part: Part): Share[] => [
  ...whole('org', 'org'),
  ...peopleShares(part),
  ...part.territoryPath.flatMap((id) => whole('territory', id)),
  ...productShares(part),
  ...whole('industry', part.industry),
  ...whole('account', part.accountId),
  ...whole('source', part.source),
  ...whole('store', part.storeId),
];

const deltaOf = ({ counts = {}, credited, amounts = {}, size, samples = {} }: Entry, share: Share): Delta => {
  const delta: Record<string, number> = {};
  const add = (attribute: string, by: number): void => {
    delta[attribute] = (delta[attribute] ?? 0) + by;
  };
  for (const [name, by] of typedEntries(counts)) add(counterAttribute(name), by);
  for (const [name, amount] of typedEntries(amounts)) add(counterAttribute(name), share.amount(amount));
  if (credited !== undefined) add(counterAttribute('wonRevenue'), share.credited(credited));
  if (size !== undefined) add(sketchAttribute('dealSize', binOf(share.amount(size))), 1);
  for (const [name, value] of typedEntries(samples)) add(sketchAttribute(name, binOf(value)), 1);
  return delta;
};

/** Own entries of a record that was made here, with its keys' type. */
const typedEntries = <Name extends string>(record: Partial<Record<Name, number>>): [Name, number][] =>
  Object.entries(record) as [Name, number][];

type Sums = Map<string, { readonly address: Address; readonly add: Record<string, number> }>;

const addTo = (sums: Sums, address: Address, delta: Delta, sign: 1 | -1 = 1): void => {
  const id = bucketId(address);
  const sum = sums.get(id) ?? { address, add: {} };
  for (const [attribute, by] of Object.entries(delta))
    sum.add[attribute] = (sum.add[attribute] ?? 0) + sign * by;
  sums.set(id, sum);
};

const contributionOf = (
  sums: Sums,
  { keepEmpty = false }: { readonly keepEmpty?: boolean } = {},
): Contribution => {
  const changed = [...sums].map(([id, { address, add }]) => {
    const nonZero = Object.entries(add).filter(([, by]) => by !== 0);
    return [id, { address, add: Object.fromEntries(nonZero) }, nonZero.length] as const;
  });
  return new Map(changed.filter(([, , size]) => keepEmpty || size > 0).map(([id, change]) => [id, change]));
};

/** What the fact adds to each bucket. Nothing at all for no fact. */
export const contribution = (fact: Fact | undefined): Contribution => {
  const sums: Sums = new Map();
  if (fact === undefined) return sums;
  for (const part of partsOf(fact)) {
    const shares = sharesOf(part);
    for (const entry of part.entries) {
      for (const share of shares) {
        const { dimension, key } = share;
        const address = { dimension, key, day: entry.day, shard: shardOf(dimension, fact.subject) };
        addTo(sums, address, deltaOf(entry, share), entry.reversed === true ? -1 : 1);
      }
    }
  }
  return contributionOf(sums);
};

/**
 * What must be added to the buckets so that they hold `next` where they held `old`. Where the currency is another, that is
 * to be said of every bucket, also of those whose numbers stay the same.
 */
export const difference = (old: Fact | undefined, next: Fact): Contribution => {
  const sums: Sums = new Map();
  for (const { address, add } of contribution(next).values()) addTo(sums, address, add);
  for (const { address, add } of contribution(old).values()) addTo(sums, address, add, -1);
  return contributionOf(sums, { keepEmpty: old !== undefined && old.currency !== next.currency });
};
