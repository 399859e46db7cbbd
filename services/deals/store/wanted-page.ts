import { type Identified, type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';

/** After this many that don't match, a page ends short, with a cursor: what a request costs is bounded. */
const MAX_EXAMINED = 2_000;

export interface WantedPage<T> {
  readonly items: readonly Stored<T>[];
  /** Sort key of the last one that was looked at, if there may be more. */
  readonly after?: string;
}

/** As many of the items as are wanted and asked for, in the order in which they come. */
export const wantedPage = async <T extends Identified>(
  items: AsyncIterable<Item>,
  {
    keyOf,
    limit,
    after,
    isWanted,
  }: {
    readonly keyOf: (entity: T) => string;
    readonly limit: number;
    /** Where the page before ended; that one is passed by. */
    readonly after: string | undefined;
    readonly isWanted: (entity: Stored<T>) => boolean;
  },
): Promise<WantedPage<T>> => {
  const found: Stored<T>[] = [];
  let examined = 0;
  let last = '';
  for await (const item of items) {
    const entity = storedFrom<T>(item);
    const key = keyOf(entity);
    if (key === after) continue;
    const isOneMore = found.length === limit && isWanted(entity);
    if (isOneMore || examined === MAX_EXAMINED) return { items: found, after: last };
    if (isWanted(entity)) found.push(entity);
    examined += 1;
    last = key;
  }
  return { items: found };
};
