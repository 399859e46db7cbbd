import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Address } from '../../../services/metrics/domain/bucket.ts';
import { restated as metrics } from '../../../services/metrics/restated.ts';
import { keptFactOf } from '../../../services/metrics/store/folding.ts';
import { bucketKey } from '../../../services/metrics/store/keys.ts';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { absent, equals } from '../../../shared/dynamodb/expressions.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { restatingOutbox } from '../../../shared/events/restated.ts';
import { Failed } from '../refusals.ts';
import {
  addressOfBucket,
  type Difference,
  differenceBetween,
  type Finding,
  largestOf,
  numbersOf,
  Recomputation,
  type Recomputed,
} from './recompute.ts';
import { kindOfType } from './restated-services.ts';
import { scanSegment } from './scan-segment.ts';

export interface Rebuild {
  readonly documents: DynamoDBDocumentClient;
  /** Writes under its epoch. */
  readonly table: Table;
  readonly cause: Cause;
  readonly apply: boolean;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

export interface Rebuilt {
  readonly facts: number;
  readonly buckets: Readonly<Record<Finding, number>>;
  readonly largest: readonly Difference[];
}

const SEGMENTS = 4;
const CONCURRENT_WRITES = 8;
const LARGEST = 10;
const SAY_EVERY = 10_000;

const stopped = (): Failed => new Failed('Stopped. The same command begins anew; what it wrote is right.');

const pagesOf = async (
  type: string,
  { documents, table, signal }: Rebuild,
  visit: (items: readonly Item[]) => Promise<void> | void,
): Promise<void> => {
  await mapConcurrently(
    Array.from({ length: SEGMENTS }, (_, segment) => segment),
    SEGMENTS,
    async (segment) => {
      for await (const { items } of scanSegment(documents, {
        table: table.name,
        segment,
        of: SEGMENTS,
        type,
      })) {
        if (signal.aborted) throw stopped();
        await visit(items);
      }
    },
  );
};

/**
 * Adds all facts up anew and compares the buckets with what that comes to; with `apply`, writes those that differ, told to
 * goals. Nobody may fold meanwhile. Holds all buckets in memory, and no facts.
 * @throws Failed when it was stopped, or somebody folds
 */
export const rebuildBuckets = async (rebuild: Rebuild): Promise<Rebuilt> => {
  const { progress, apply, signal } = rebuild;
  const recomputation = new Recomputation();
  await pagesOf('fact', rebuild, (items) => {
    for (const item of items) {
      recomputation.add(keptFactOf(item).fact);
      if (recomputation.facts % SAY_EVERY === 0) progress(`${recomputation.facts} facts …`);
    }
  });
  progress(`${recomputation.facts} facts added up.`);

  const buckets = { equal: 0, differing: 0, missing: 0, surplus: 0 };
  let largest: readonly Difference[] = [];
  const settle = async (address: Address, live: Item | undefined, recomputed: Recomputed | undefined) => {
    const difference = differenceBetween(address, live && numbersOf(live), recomputed?.numbers);
    buckets[difference?.finding ?? 'equal'] += 1;
    if (difference === undefined) return;
    largest = largestOf([...largest, difference], LARGEST);
    if (apply) await write(address, live, recomputed, rebuild);
  };
  await pagesOf('bucket', rebuild, async (items) => {
    await mapConcurrently(items, CONCURRENT_WRITES, async (live) => {
      const address = addressOfBucket(live);
      await settle(address, live, recomputation.take(address));
    });
  });
  await mapConcurrently(recomputation.rest(), CONCURRENT_WRITES, async (recomputed) => {
    if (signal.aborted) throw stopped();
    await settle(recomputed.address, undefined, recomputed);
  });
  return { facts: recomputation.facts, buckets, largest };
};

const kind = kindOfType(metrics, 'bucket');

/**
 * A bucket that was gone may have been told before, at a version that nobody here knows. It begins above all of them: no
 * bucket is written once a second since 1970.
 */
const firstVersion = ({ clock }: Table): number => Math.floor(Date.parse(clock.now()) / 1000);

const write = async (
  address: Address,
  live: Item | undefined,
  recomputed: Recomputed | undefined,
  { table, cause }: Rebuild,
): Promise<void> => {
  const item: Item = {
    ...bucketKey(address),
    type: kind.type,
    epoch: table.epoch,
    version: live === undefined ? firstVersion(table) : Number(live.version) + 1,
    currency: live?.currency ?? recomputed?.currency,
    ...recomputed?.numbers,
  };
  try {
    await table.put(
      { ...item, ...restatingOutbox(kind, item, cause, table.clock) },
      live === undefined ? absent : equals({ version: live.version }),
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new Failed('Somebody folds meanwhile: metrics is not paused. Pause it, then repeat the command.');
  }
};
