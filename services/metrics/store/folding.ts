import { absent, equals } from '../../../shared/dynamodb/expressions.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { compactOutbox, outboxOf } from '../../../shared/dynamodb/outbox.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { Conflict } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { MetricsUpdated } from '../../../shared/events/metrics.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { Fact } from '../domain/fact.ts';
import {
  type BucketChange,
  type FactChange,
  type FoldStep,
  type Incoming,
  type KeptFact,
  newestOf,
  planFold,
} from '../domain/fold.ts';
import { outcomesOf } from '../domain/outcomes.ts';
import { bucketKey, factKey } from './keys.ts';

/** What folding needs of a table. */
export type FoldTable = Pick<Table, 'batchGet' | 'transact' | 'epoch' | 'clock'>;

/** Rounds of reading again what another consumer changed meanwhile. */
const MAX_ROUNDS = 8;

/** Only `factWrite` writes what is read here. The fact is one text: it is always read and written whole. */
export const keptFactOf = (item: Item): KeptFact => ({
  fact: JSON.parse(String(item.fact)) as Fact,
  revision: Number(item.revision),
});

const readFacts = async (
  table: Pick<Table, 'batchGet'>,
  subjects: Iterable<string>,
): Promise<ReadonlyMap<string, KeptFact>> => {
  const items = await table.batchGet([...subjects].map(factKey));
  return new Map(items.map(keptFactOf).map((kept) => [kept.fact.subject, kept]));
};

const factWrite = ({ kept, next }: FactChange): TransactItem => ({
  put: {
    ...factKey(next.subject),
    type: 'fact',
    epoch: next.epoch,
    version: next.version,
    revision: (kept?.revision ?? 0) + 1,
    fact: JSON.stringify(next),
  },
  condition: kept === undefined ? absent : equals({ revision: kept.revision }),
});

/** Blind: whatever the bucket holds, what is added is right. */
const bucketWrite = (
  { address, add, currency, movers, cause }: BucketChange,
  table: FoldTable,
): TransactItem => {
  const event = { contract: MetricsUpdated, change: { movers } };
  const outbox = movers.length > 0 ? outboxOf(event, cause, table.clock) : undefined;
  return {
    update: {
      key: bucketKey(address),
      add: { ...add, version: 1 },
      set: {
        type: 'bucket',
        epoch: table.epoch,
        currency,
        ...(outbox && compactOutbox(outbox)),
      },
    },
  };
};

const writesOf = (step: FoldStep, table: FoldTable): TransactItem[] => [
  ...step.facts.map(factWrite),
  ...step.buckets.map((bucket) => bucketWrite(bucket, table)),
];

export interface Folded {
  /** Facts that were news. */
  readonly changed: number;
  /** Events that were not, or not any more. */
  readonly outdated: number;
  /** What became of each event, in their order. */
  readonly outcomes: readonly Outcome[];
}

/** A fact that has been counted, in place of `before`. */
export interface Counted {
  readonly before: Fact | undefined;
  readonly fact: Fact;
  readonly cause: Cause;
}

/**
 * Keeps the facts that are news, and adds the difference they make to the buckets, each fact in one transaction with
 * all it changes. Repeating it, or doing it twice at once, changes nothing more.
 * @throws Conflict when others keep changing the same facts; TransactionConflict; whatever the table throws. What
 * was folded before that stays folded.
 */
export const foldFacts = async (
  table: FoldTable,
  incoming: readonly Incoming[],
  options: {
    readonly maxItems?: number;
    /** Told of each fact once it is counted, also where a later one then throws. */
    readonly onCounted?: (counted: Counted) => void;
  } = {},
): Promise<Folded> => {
  const newest = newestOf(incoming);
  let pending = newest;
  const changed = new Set<string>();
  const counted = new Set<string>();
  const before = new Map<string, Fact>();
  for (let round = 1; pending.size > 0; round += 1) {
    if (round > MAX_ROUNDS)
      throw new Conflict(`${String(pending.size)} facts kept changing while they were folded.`);
    const overtaken = new Set<string>();
    const kept = await readFacts(table, pending.keys());
    for (const [subject, { fact }] of kept) before.set(subject, fact);
    for (const step of planFold(pending.values(), kept, options.maxItems)) {
      const subjects = step.facts.map(({ next }) => next.subject);
      // A later step of a change stands on the earlier one, and falls with it.
      const done = !subjects.some((subject) => overtaken.has(subject)) && (await transacted(table, step));
      for (const subject of subjects) (done ? changed : overtaken).add(subject);
      for (const { next, cause } of done ? step.facts : []) {
        if (newest.get(next.subject)?.fact !== next) continue;
        counted.add(next.subject);
        options.onCounted?.({ before: kept.get(next.subject)?.fact, fact: next, cause });
      }
    }
    pending = new Map([...pending].filter(([subject]) => overtaken.has(subject)));
  }
  return {
    changed: changed.size,
    outdated: incoming.length - changed.size,
    outcomes: outcomesOf(incoming, counted, before),
  };
};

/** False where another consumer had changed one of the facts, so that nothing was written. */
const transacted = async (table: FoldTable, step: FoldStep): Promise<boolean> => {
  try {
    await table.transact(writesOf(step, table));
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
};
