import { isDeepStrictEqual } from 'node:util';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { RestatedKind } from '../../../shared/events/restated.ts';
import { withoutOutbox } from '../../../shared/events/restated.ts';

/** What a restore does about one key. The words are those of its report. */
export type Outcome =
  /** Nothing differs. */
  | 'same'
  /** It differs and stays as it is: a copy, a ledger, or what can't be told as gone. */
  | 'stays'
  /** Written by this very restore, before it was stopped. */
  | 'done'
  | 'changed back'
  | 'brought back'
  /** It came after, and is told as gone: a tombstone. */
  | 'told as gone'
  | 'removed';

export interface Decision {
  readonly outcome: Outcome;
  /** What is to be there, without version, epoch and outbox of the write; absent where nothing is written. */
  readonly desired?: Item;
}

/** What is where, by one key. At least one is there. */
export interface Pair {
  readonly backup: Item | undefined;
  readonly live: Item | undefined;
}

/** What says how often and under what guard an item was written, not what it says. */
const bookkeeping = new Set(['version', 'epoch', 'revision']);

const contentOf = (item: Item): Item =>
  Object.fromEntries(Object.entries(withoutOutbox(item)).filter(([name]) => !bookkeeping.has(name)));

const saysTheSame = (a: Item, b: Item): boolean => isDeepStrictEqual(contentOf(a), contentOf(b));

const hasOwnVersion = ({ isCopy }: RestatedKind, item: Item): boolean =>
  isCopy !== true && typeof item.version === 'number';

const isExpired = ({ expiresAt }: Item, now: number): boolean =>
  typeof expiresAt === 'number' && expiresAt * 1000 <= now;

export interface Circumstances {
  /** The raised one. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether the item that this one belongs to is in the backup; true for one that belongs to none. */
  readonly ownerInBackup: boolean;
}

/** What becomes of the item when its table goes back to the backup. */
export const decide = (
  kind: RestatedKind,
  { backup, live }: Pair,
  { epoch, now, ownerInBackup }: Circumstances,
): Decision => {
  if (live !== undefined && hasOwnVersion(kind, live) && live.epoch === epoch) return { outcome: 'done' };
  if (backup !== undefined) {
    if (live === undefined && isExpired(backup, now)) return { outcome: 'same' };
    const desired = kind.putBack?.(backup, live) ?? backup;
    if (live === undefined) return { outcome: 'brought back', desired };
    if (saysTheSame(desired, live)) return { outcome: saysTheSame(backup, live) ? 'same' : 'stays' };
    return { outcome: 'changed back', desired };
  }
  if (live === undefined) return { outcome: 'same' };
  if (kind.madeSince === undefined || !ownerInBackup) return { outcome: 'stays' };
  const desired = kind.madeSince(live);
  if (desired === undefined) return { outcome: 'removed' };
  return saysTheSame(desired, live) ? { outcome: 'stays' } : { outcome: 'told as gone', desired };
};

/**
 * The item to write. Its version is above both: no reader's `If-Match` meets other content under a version it knows. What
 * is a copy of another service's state keeps that one's.
 */
export const itemToWrite = (
  kind: RestatedKind,
  desired: Item,
  { backup, live }: Pair,
  { epoch, outboxOf }: { readonly epoch: number; readonly outboxOf: (item: Item) => Item },
): Item => {
  const bare = withoutOutbox(desired);
  if (!hasOwnVersion(kind, bare)) return bare;
  const version = Math.max(Number(backup?.version ?? 0), Number(live?.version ?? 0)) + 1;
  const item = { ...bare, version, epoch };
  return { ...item, ...outboxOf(item) };
};
