import { createHash } from 'node:crypto';
import * as z from 'zod';
import { absent, equals } from '../../../shared/dynamodb/expressions.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { Day } from '../../../shared/time/instant.ts';
import type { LockedDays } from '../domain/locked-days.ts';

export const BOOKS = 'books';

/** The books are kept so many times over, so that writers that go by them don't meet at one item. All copies change together. */
const COPIES = 64;

/** What is locked, as one read of it said. */
export interface BooksPage {
  readonly locked: LockedDays;
  /** Holds while nothing more has been locked. */
  readonly check: TransactItem;
}

/** For a transaction: two of its writes may go by the same copy of the books, which is then checked once. */
export const withoutRepeats = (items: readonly TransactItem[]): TransactItem[] => {
  const checked = new Set<string>();
  return items.filter((item) => {
    if (!('check' in item)) return true;
    const isFirst = !checked.has(item.check.pk);
    checked.add(item.check.pk);
    return isFirst;
  });
};

/** What is locked, for a write of this subject. */
export interface BooksReader {
  of(subject: string): Promise<BooksPage>;
}

const keyOf = (copy: number): Key => ({ pk: `books#${String(copy)}`, sk: 'state' });

const copyFor = (subject: string): number => (createHash('sha256').update(subject).digest()[0] ?? 0) % COPIES;

const Locked = z.array(z.object({ from: Day, to: Day }));
const lockedOf = (item: Item | undefined): LockedDays => Locked.parse(item?.locked ?? []);

const unchanged = (item: Item | undefined) =>
  item === undefined ? absent : equals({ revision: Number(item.revision) });

/** Reads each copy of the books once: made anew for each request and page, and again after a check that failed. */
export class Books implements BooksReader {
  readonly #table: Table;
  readonly #pages = new Map<number, Promise<BooksPage>>();

  constructor(table: Table) {
    this.#table = table;
  }

  async of(subject: string): Promise<BooksPage> {
    const copy = copyFor(subject);
    const page = this.#pages.get(copy) ?? this.#read(copy);
    this.#pages.set(copy, page);
    return page;
  }

  /** Something was locked since. */
  forget(): void {
    this.#pages.clear();
  }

  async #read(copy: number): Promise<BooksPage> {
    const key = keyOf(copy);
    const item = await this.#table.get(key);
    return { locked: lockedOf(item), check: { check: key, condition: unchanged(item) } };
  }
}

/** What is locked now, and the writes that would lock more: together with others in one transaction. */
export const locking = async (table: Table) => {
  const item = await table.get(keyOf(0));
  const revision = Number(item?.revision ?? 0) + 1;
  return {
    locked: lockedOf(item),
    writes: (locked: LockedDays): TransactItem[] =>
      Array.from({ length: COPIES }, (_, copy) => ({
        put: { ...keyOf(copy), type: BOOKS, revision, locked: [...locked] },
        condition: unchanged(item),
      })),
  };
};
