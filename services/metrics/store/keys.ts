import type { Key } from '../../../shared/dynamodb/item.ts';
import { type ScopeKind, scopeKinds } from '../../../shared/kpis/kpi.ts';
import { monthOf } from '../../../shared/time/period.ts';
import { Day } from '../../../shared/time/instant.ts';
import type { Address } from '../domain/bucket.ts';

export const factKey = (subject: string): Key => ({ pk: `fact#${subject}`, sk: 'state' });

export const nameKey = (id: string): Key => ({ pk: `name#${id}`, sk: 'state' });

/** The numbers of all scopes of a kind in a calendar month, `2026-11`, or those as of now. */
export const bucketPartition = (dimension: ScopeKind, month: string | undefined): string =>
  `bucket#${dimension}#${month ?? 'open'}`;

/** Sort keys of one scope's buckets begin with it; the day follows, then the shard. */
export const bucketPrefix = (key: string): string => `${encodeURIComponent(key)}#`;

export const bucketKey = ({ dimension, key, day, shard }: Address): Key => ({
  pk: bucketPartition(dimension, day && monthOf(day)),
  sk: `${bucketPrefix(key)}${day ?? ''}#${String(shard)}`,
});

/** The address that a bucket's key was made of. Throws a TypeError for another item's key. */
export const addressOf = ({ pk, sk }: Key): Address => {
  const dimension = scopeKinds.find((kind) => pk.startsWith(`bucket#${kind}#`));
  const [key, day, shard] = sk.split('#');
  if (dimension === undefined || key === undefined || shard === undefined) {
    throw new TypeError(`${pk} ${sk} is no bucket.`);
  }
  return {
    dimension,
    key: decodeURIComponent(key),
    day: day === '' ? undefined : Day.parse(day),
    shard: Number(shard),
  };
};
