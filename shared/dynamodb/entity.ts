import type * as z from 'zod';
import type { Item, Key } from './item.ts';

/** Keys in the two indexes; an entity without them is not in the index. */
export interface IndexKeys {
  readonly gsi1pk?: string | undefined;
  readonly gsi1sk?: string | undefined;
  readonly gsi2pk?: string | undefined;
  readonly gsi2sk?: string | undefined;
}

export interface Identified {
  readonly id: string;
}

/** How a kind of entity is kept in its service's table. */
export interface Entity<T extends Identified> {
  /** The item's `type`, and what errors call it: `deal`. */
  readonly type: string;
  /** Checked on every write; reads trust what was written. Must accept what it gives. */
  readonly schema: z.ZodType<T>;
  readonly key: (id: string) => Key;
  readonly indexes?: ((entity: T) => IndexKeys) | undefined;
  /** Epoch seconds after which DynamoDB may delete the item. */
  readonly expiresAt?: ((entity: T) => number | undefined) | undefined;
  /** The events' `data` where it is not the entity itself; the relay needs the same as its `project`. */
  readonly project?: ((entity: T) => object) | undefined;
}

export const defineEntity = <T extends Identified>(entity: Entity<T>): Entity<T> => entity;

/** An entity as read: a plain object with its version, which a later save is conditional on. */
export type Stored<T> = T & { readonly version: number };

export const indexAttributes = ['gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'] as const;

/** Both keys of an index or neither: DynamoDB refuses empty key strings, and half a key is in no index. */
export const indexKeysOf = <T extends Identified>(entity: Entity<T>, value: T): Record<string, string> => {
  const { gsi1pk, gsi1sk, gsi2pk, gsi2sk } = entity.indexes?.(value) ?? {};
  return { ...(gsi1pk && gsi1sk && { gsi1pk, gsi1sk }), ...(gsi2pk && gsi2sk && { gsi2pk, gsi2sk }) };
};

/** The one place where what the table holds is trusted to be what was validated when it was written. */
export const storedFrom = <T extends Identified>(item: Item): Stored<T> => ({
  ...(item.data as T),
  version: item.version as number,
});
