import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { ConsumerContext, Message } from '../../../shared/events/consumer.ts';
import type { MetricsUpdated, Mover } from '../../../shared/events/metrics.ts';
import type { OrganizationState } from '../../../shared/events/team.ts';
import type { Clock, Day } from '../../../shared/time/instant.ts';
import { Buckets } from '../store/buckets.ts';
import { GoalStore } from '../store/goals.ts';
import { evaluateScope, type ScopeChange } from './evaluate-scope.ts';

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
  readonly movers: readonly Mover[];
}

/** Of several events of one bucket only the newest needs to be written. */
const foldBuckets = (messages: readonly BucketMessage[]): Folded[] => {
  const folded = new Map<string, Folded>();
  const inOrder = messages.toSorted((a, b) => (isNewer(a, b) ? 1 : isNewer(b, a) ? -1 : 0));
  for (const message of inOrder) {
    const { scope, day = '', shard, movers } = message.event.data;
    const key = `${scope} ${day} ${shard}`;
    folded.set(key, { newest: message, movers: [...(folded.get(key)?.movers ?? []), ...movers] });
  }
  return [...folded.values()];
};

/**
 * Keeps a batch of buckets, then evaluates the goals of every scope in it. A bucket that was kept before still has its
 * goals evaluated: whoever kept it may have died before it came to that. Its movers count, unless something newer is there.
 */
export const keepBuckets = async (
  messages: readonly BucketMessage[],
  { table, clock, organization }: ProgressDeps,
  { count }: Pick<ConsumerContext, 'count'>,
): Promise<void> => {
  const buckets = new Buckets(table);
  const folded = foldBuckets(messages);
  const outcomes = await buckets.keep(folded.map(({ newest }) => newest.event));
  const kept = folded.map(({ newest: message, movers }, index) => {
    const outcome = outcomes[index];
    if (outcome === 'known') count('DuplicateEvents');
    if (outcome === 'older') count('StaleEvents');
    return { message, movers: outcome === 'older' ? [] : movers };
  });
  const scopes = Map.groupBy(kept, ({ message }) => message.event.data.scope);
  const settings = await organization();
  await mapConcurrently([...scopes], CONCURRENT_SCOPES, async ([scope, moved]) => {
    const [first] = moved;
    if (first === undefined) return;
    // The chain that ends here is that of the last event to come in; the others of the batch have the same outcome.
    const { cause } = moved.reduce((last, next) =>
      next.message.event.metadata.time > last.message.event.metadata.time ? next : last,
    ).message;
    await evaluateScope(changeOf(scope, moved), {
      store: new GoalStore(table, cause),
      buckets,
      clock,
      organization: settings,
      correlationId: cause.correlationId,
    });
  });
};

const changeOf = (
  scope: string,
  moved: readonly { readonly message: BucketMessage; readonly movers: readonly Mover[] }[],
): ScopeChange => {
  const days = moved.map(({ message }) => message.event.data.day);
  return {
    scope,
    days: new Set(days.filter((day): day is Day => day !== undefined)),
    isOpen: days.includes(undefined),
    movers: moved.flatMap(({ message, movers }) =>
      movers.map((mover) => ({ day: message.event.data.day, mover })),
    ),
  };
};
