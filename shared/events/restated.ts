import type * as z from 'zod';
import type { Entity, Identified } from '../dynamodb/entity.ts';
import { indexAttributes, indexKeysOf } from '../dynamodb/entity.ts';
import type { Item, Key } from '../dynamodb/item.ts';
import { compactOutbox, type OutboxEvent, outboxAttributes, outboxOf } from '../dynamodb/outbox.ts';
import type { Clock } from '../time/instant.ts';
import type { Cause } from './cause.ts';
import type { ServiceName } from './contract.ts';
import type { EventMapping } from './stream-record.ts';

/**
 * What an operator's commands need to know of one kind of item: how its state is told again, and what becomes of it when
 * its table goes back to a backup.
 */
export interface RestatedKind {
  /** The items' `type`. */
  readonly type: string;
  /** Where the item lies whose events have this subject; undefined for a subject of another kind. */
  readonly keyOf?: ((subject: string) => Key | undefined) | undefined;
  /** The event that tells its whole state again; undefined where there is nothing to tell. Absent: nobody ever hears of it. */
  readonly tells?: ((item: Item) => OutboxEvent | undefined) | undefined;
  /** Its outbox is kept as one text. */
  readonly compact?: true | undefined;
  /** Epoch and version are those of what it is a copy of, in another service: a restore never raises them. */
  readonly isCopy?: true | undefined;
  /**
   * The item to have where backup and table differ; the backup's unless given. Answering `live` leaves that one. The
   * version and epoch are seen to by whoever writes it.
   */
  readonly putBack?: ((backup: Item, live: Item | undefined) => Item) | undefined;
  /** What is left of one made since the backup: the same item stays, undefined goes. It stays unless given. */
  readonly madeSince?: ((live: Item) => Item | undefined) | undefined;
  /** One made since the backup goes only if this item is in the backup. */
  readonly belongsTo?: ((live: Item) => Key) | undefined;
}

/** Of every kind of item in a service's table. */
export interface RestatedService {
  readonly service: ServiceName;
  readonly events: EventMapping;
  readonly kinds: readonly RestatedKind[];
}

/** Where the item of an entity with this id lies. */
export const keyById =
  <T extends Identified>(id: z.ZodType<string>, { key }: Pick<Entity<T>, 'key'>) =>
  (subject: string): Key | undefined =>
    id.safeParse(subject).success ? key(subject) : undefined;

/** A kind of which the live item holds, whatever the backup says: the backup's comes back only where there is none. */
export const staying = (type: string): RestatedKind => ({
  type,
  putBack: (backup, live) => live ?? backup,
});

/** A copy of another service's state: newer ones come by events, and older ones would only be replaced by them. */
export const copyOf = (type: string): RestatedKind => ({ ...staying(type), isCopy: true });

/** The item with another state of its entity, under the index keys of that state. */
export const withState = <T extends Identified>(entity: Entity<T>, item: Item, state: T): Item => {
  const kept = Object.entries(item).filter(
    ([name]) => !indexAttributes.some((attribute) => attribute === name),
  );
  return { ...Object.fromEntries(kept), ...indexKeysOf(entity, state), data: state };
};

/** The attributes that make a write of this item news; none where it has nothing to tell. */
export const restatingOutbox = (kind: RestatedKind, item: Item, cause: Cause, clock: Clock): Item => {
  const event = kind.tells?.(item);
  const outbox = event && outboxOf(event, cause, clock);
  if (outbox === undefined) return {};
  return kind.compact === true ? { ...compactOutbox(outbox) } : { ...outbox };
};

/** The item as the relay had nothing to tell of it. */
export const withoutOutbox = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item).filter(([name]) => !outboxAttributes.some((attribute) => attribute === name)),
  );
