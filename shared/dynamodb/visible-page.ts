import type { Stored } from './entity.ts';
import type { Item } from './item.ts';
import type { IndexQuery, Repository } from './repository.ts';
import type { IndexName, Page } from './table.ts';

interface List<T> {
  readonly index: IndexName;
  readonly pk: string;
  readonly limit: number;
  readonly cursor: Item | undefined;
  /** What the caller asked for, and may see. */
  readonly isWanted: (item: Stored<T>) => boolean | Promise<boolean>;
}

/** Items read for one that is wanted, at most, per request: a page may be short, and still have a next one. */
const MOST_READ = 2000;

/** A page of an index, newest first, of the items that are wanted. */
export const visiblePage = async <T extends { readonly id: string }>(
  repository: Pick<Repository<T>, 'queryIndex'>,
  { index, pk, limit, cursor, isWanted }: List<T>,
): Promise<Page<Stored<T>>> => {
  const items: Stored<T>[] = [];
  let position: IndexQuery['cursor'] = cursor;
  for (let read = 0; read < MOST_READ;) {
    const missing = limit - items.length;
    const page = await repository.queryIndex(index, pk, {
      limit: missing,
      cursor: position,
      descending: true,
    });
    const wanted = await Promise.all(page.items.map(async (item) => isWanted(item)));
    items.push(...page.items.filter((_, index) => wanted[index]));
    read += page.items.length;
    position = page.lastKey;
    if (position === undefined || items.length >= limit) break;
  }
  return position === undefined ? { items } : { items, lastKey: position };
};
