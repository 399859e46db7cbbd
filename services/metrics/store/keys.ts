import type { Key } from '../../../shared/dynamodb/item.ts';
import type { ScopeKind } from '../../../shared/kpis/kpi.ts';
import { monthOf } from '../../../shared/time/period.ts';
import type { Address } from '../domain/bucket.ts';

/** Sort keys take 1,024 bytes; a free text such as a source may be longer. The item holds it whole. */
const MAX_KEY_TEXT = 512;

const keyText = (key: string): string => encodeURIComponent(key.toWellFormed()).slice(0, MAX_KEY_TEXT);

export const factKey = (subject: string): Key => ({ pk: `fact#${subject}`, sk: 'state' });

export const nameKey = (id: string): Key => ({ pk: `name#${id}`, sk: 'state' });

/** The numbers of all scopes of a kind in a calendar month, `2026-11`, or those as of now. */
export const bucketPartition = (dimension: ScopeKind, month: string | undefined): string =>
  `bucket#${dimension}#${month ?? 'open'}`;

/** Sort keys of one scope's buckets begin with it; the day follows, then the shard. */
export const bucketPrefix = (key: string): string => `${keyText(key)}#`;

export const bucketKey = ({ dimension, key, day, shard }: Address): Key => ({
  pk: bucketPartition(dimension, day && monthOf(day)),
  sk: `${bucketPrefix(key)}${day ?? ''}#${String(shard)}`,
});
