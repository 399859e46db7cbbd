import type { CounterName, SketchName } from '../../../shared/kpis/counters.ts';
import type { ScopeKind } from '../../../shared/kpis/kpi.ts';
import type { Totals } from '../../../shared/kpis/totals.ts';
import type { Day } from '../../../shared/time/instant.ts';

/** A bucket: the numbers of one scope on one day, in one of its shards. Numbers as of now have no day. */
export interface Address {
  readonly dimension: ScopeKind;
  /** `org`, an id, or a text such as an industry. */
  readonly key: string;
  readonly day: Day | undefined;
  readonly shard: number;
}

/** The organization's buckets are written by every deal: they are spread, and summed on read. */
const ORGANIZATION_SHARDS = 4;

export const shardOf = (dimension: ScopeKind, subject: string): number => {
  if (dimension !== 'org') return 0;
  // FNV-1a: any spread that always answers the same will do.
  let hash = 0x811c9dc5;
  for (let index = 0; index < subject.length; index += 1) {
    hash = Math.imul(hash ^ subject.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % ORGANIZATION_SHARDS;
};

/** Free texts, such as sources, become keys of bounded size: their first 80 characters. Ids stay as they are. */
export const scopeKey = (text: string): string => text.slice(0, 80).toWellFormed();

export const bucketId = ({ dimension, key, day, shard }: Address): string =>
  `${dimension}:${key}#${day ?? ''}#${String(shard)}`;

/** As in `org` or `team:team_01J…`. */
export const scopeTextOf = ({ dimension, key }: Pick<Address, 'dimension' | 'key'>): string =>
  dimension === 'org' ? 'org' : `${dimension}:${key}`;

/** Goals are set for these: their buckets leave as `MetricsUpdated`. */
export const carriesGoals = (dimension: ScopeKind): boolean =>
  dimension === 'org' || dimension === 'team' || dimension === 'rep';

/** Flat attribute → change. Flat, so that a bucket can be changed by addition, unread. */
export type Delta = Readonly<Record<string, number>>;

export const counterAttribute = (name: CounterName): string => `c.${name}`;
export const sketchAttribute = (name: SketchName, bin: string): string => `q.${name}.${bin}`;

/** The totals that a bucket's attributes hold; zeros, and attributes that are none of these, are left out. */
export const totalsOfAttributes = (attributes: Readonly<Record<string, unknown>>): Totals => {
  const counters: Record<string, number> = {};
  const sketches: Record<string, Record<string, number>> = {};
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value !== 'number' || value === 0) continue;
    const [kind, name, bin] = attribute.split('.');
    if (name === undefined) continue;
    if (kind === 'c') counters[name] = value;
    else if (kind === 'q' && bin !== undefined) (sketches[name] ??= {})[bin] = value;
  }
  return { counters, sketches };
};
