import type { Coalesce } from '../../../shared/events/coalesce.ts';
import { BucketState, Mover } from '../../../shared/events/metrics.ts';
import type { EventMapping, Projection } from '../../../shared/events/stream-record.ts';
import { Day } from '../../../shared/time/instant.ts';
import * as z from 'zod';
import { bucketId, scopeTextOf, totalsOfAttributes } from '../domain/bucket.ts';
import { largestMovers } from '../domain/movers.ts';
import { scopeKinds } from '../../../shared/kpis/kpi.ts';

const BucketItem = z.object({
  dimension: z.enum(scopeKinds),
  key: z.string(),
  day: Day.optional(),
  shard: z.int(),
  currency: z.string(),
});

/** A bucket keeps flat attributes, which can be added to unread; the event carries them as the contract has them. */
export const bucketStateOf = ({ item, entry }: Pick<Projection, 'item' | 'entry'>): BucketState => {
  const { dimension, key, day, shard, currency } = BucketItem.parse(item);
  return BucketState.parse({
    scope: scopeTextOf({ dimension, key }),
    day,
    shard,
    ...totalsOfAttributes(item),
    currency,
    movers: entry.change?.movers ?? [],
  });
};

/** `bucket:team:team_01J…#2026-11-23#0` */
export const bucketSubject: NonNullable<EventMapping['subject']> = ({ item }) => {
  const { dimension, key, day, shard } = BucketItem.parse(item);
  const id = bucketId({ dimension, key, day, shard });
  return `bucket:${dimension === 'org' ? id.replace(/^org:/, '') : id}`;
};

const WithMovers = z.looseObject({ movers: z.array(Mover) });

/** The newer event carries the whole bucket; only what moved it is to be kept of the older one. */
export const mergedBucketEvents: Coalesce = (older, newer) => {
  const before = WithMovers.parse(older.detail.data);
  const after = WithMovers.parse(newer.detail.data);
  const movers = largestMovers([...before.movers, ...after.movers]);
  return { ...newer, detail: { ...newer.detail, data: { ...after, movers } } };
};
