import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { ConsumerContext, Handled, Message } from '../../../shared/events/consumer.ts';
import type { MetricsUpdated, Mover } from '../../../shared/events/metrics.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import type { Clock, Day } from '../../../shared/time/instant.ts';
import { Buckets } from '../store/buckets.ts';
import { GoalStore } from '../store/goals.ts';
import { isQuiet } from '../store/quiet.ts';
import { evaluateScope, type ScopeChange } from './evaluate-scope.ts';
import { tellingCrossings } from './telling.ts';

type BucketMessage = Message<typeof MetricsUpdated>;

export interface ProgressDeps {
  readonly table: Table;
  readonly clock: Clock;
  readonly organization: () => Promise<OrganizationState>;
}

const CONCURRENT_SCOPES = 8;

const isNewer = (a: BucketMessage, b: BucketMessage): boolean => {
  const [left, right] = [a.event.metadata, b.event.metadata];
  return left.epoch === right.epoch ? left.version > right.version : left.epoch > right.epoch;
};

/** The events of one bucket, of which the newest alone is kept; the others still tell what moved it. */
interface Folded {
  readonly newest: BucketMessage;
  readonly all: readonly BucketMessage[];
}

const keyOf = ({ event: { data } }: BucketMessage): string => `${data.scope} ${data.day ?? ''} ${data.shard}`;

/** Of several events of one bucket only the newest needs to be written. */
const foldBuckets = (messages: readonly BucketMessage[]): Folded[] => {
  const inOrder = messages.toSorted((a, b) => (isNewer(a, b) ? 1 : isNewer(b, a) ? -1 : 0));
  return [...Map.groupBy(inOrder, keyOf).values()].flatMap((all) => {
    const newest = all.at(-1);
    return newest === undefined ? [] : { newest, all };
  });
};

/** What became of an event beside the newest of its bucket, which `outcome` tells of. */
const outcomeBeside = (message: BucketMessage, newest: BucketMessage, outcome: Outcome): Outcome => {
  if (message === newest) return outcome;
  if (!isNewer(newest, message)) return 'duplicate';
  return outcome === 'done' ? 'merged' : 'stale';
};

/** A bucket that was kept, with what moved it and everyone whose doing that was. */
interface Moved extends Folded {
  readonly movers: readonly Mover[];
}

/** The last event to come in: the chain that its goals' crossings go on with. Others of the batch end here. */
const lastOf = (moved: readonly Moved[]): BucketMessage | undefined =>
  moved
    .map(({ newest }) => newest)
    .reduce<BucketMessage | undefined>(
      (last, next) =>
        last !== undefined && last.event.metadata.time >= next.event.metadata.time ? last : next,
      undefined,
    );

/**
 * Keeps a batch of buckets, then evaluates the goals of every scope in it. A bucket that was kept before still has its
 * goals evaluated: whoever kept it may have died before it came to that. Its movers count, unless something newer is there.
 */
export const keepBuckets = async (
  messages: readonly BucketMessage[],
  { table, clock, organization }: ProgressDeps,
  context: Pick<ConsumerContext, 'count' | 'logger'>,
): Promise<Handled> => {
  const buckets = new Buckets(table);
  const folded = foldBuckets(messages);
  const outcomes = await buckets.keep(folded.map(({ newest }) => newest.event));
  const outcomeOf = new Map<BucketMessage, Outcome>();
  const kept = folded.map(({ newest, all }, index): Moved => {
    const outcome = outcomes[index] ?? 'done';
    for (const message of all) outcomeOf.set(message, outcomeBeside(message, newest, outcome));
    return { newest, all, movers: outcome === 'stale' ? [] : all.flatMap(({ event }) => event.data.movers) };
  });
  const scopes = Map.groupBy(kept, ({ newest }) => newest.event.data.scope);
  const [settings, quiet] = await Promise.all([organization(), isQuiet(table, clock.now())]);
  await mapConcurrently([...scopes], CONCURRENT_SCOPES, async ([scope, moved]) => {
    const last = lastOf(moved);
    if (last === undefined) return;
    const { cause } = last;
    await evaluateScope(changeOf(scope, moved), {
      store: new GoalStore(table, cause),
      buckets,
      clock,
      organization: settings,
      quiet,
      correlationId: cause.correlationId,
      onCrossed: tellingCrossings(
        cause,
        moved.flatMap(({ all }) => all.map((one) => one.cause)),
        context,
      ),
    });
  });
  return { outcomes: messages.map((message) => outcomeOf.get(message) ?? 'done') };
};

const changeOf = (scope: string, moved: readonly Moved[]): ScopeChange => {
  const days = moved.map(({ newest }) => newest.event.data.day);
  return {
    scope,
    days: new Set(days.filter((day): day is Day => day !== undefined)),
    isOpen: days.includes(undefined),
    movers: moved.flatMap(({ newest, movers }) =>
      movers.map((mover) => ({ day: newest.event.data.day, mover })),
    ),
  };
};
