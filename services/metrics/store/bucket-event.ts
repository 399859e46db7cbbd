import * as z from 'zod';
import type { Coalesce } from '../../../shared/events/coalesce.ts';
import { BucketState, MetricsUpdated, Mover } from '../../../shared/events/metrics.ts';
import type { EventMapping, Projection } from '../../../shared/events/stream-record.ts';
import { bucketId, scopeTextOf, totalsOfAttributes } from '../domain/bucket.ts';
import { largestMovers } from '../domain/movers.ts';
import { addressOf } from './keys.ts';

/** A bucket keeps flat attributes, which can be added to unread; the event carries them as the contract has them. */
export const bucketStateOf = ({ item, entry }: Pick<Projection, 'item' | 'entry'>): BucketState => {
  const { day, shard, ...scope } = addressOf(item);
  return BucketState.parse({
    scope: scopeTextOf(scope),
    day,
    shard,
    ...totalsOfAttributes(item),
    currency: item.currency,
    movers: entry.change?.movers ?? [],
  });
};

/** `bucket:team:team_01J…#2026-11-23#0`, or `bucket:org#2026-11-23#2` */
export const bucketSubject: NonNullable<EventMapping['subject']> = ({ item }) =>
  `bucket:${bucketId(addressOf(item)).replace(/^org:org/, 'org')}`;

const WithMovers = z.looseObject({ movers: z.array(Mover) });

/** The newer event carries the whole bucket; only what moved it is to be kept of the older one. */
export const mergedBucketEvents: Coalesce = (older, newer) => {
  if (newer.detailType !== MetricsUpdated.detailType) return newer;
  const before = WithMovers.parse(older.detail.data);
  const after = WithMovers.parse(newer.detail.data);
  const movers = largestMovers([...before.movers, ...after.movers]);
  return { ...newer, detail: { ...newer.detail, data: { ...after, movers } } };
};
