import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { withOpened } from '../../../shared/privacy/sealed-fields.ts';
import { type Difference, differences } from '../domain/differences.ts';
import { type AuditEntry, auditKey, entryFrom } from './entry.ts';
import { PersonalKeys } from './personal-keys.ts';

/** An entry beside the one before it. */
export interface Change extends AuditEntry {
  /** The version that `changes` start from; absent where nothing older is kept. */
  readonly previousVersion?: number;
  readonly changes: readonly Difference[];
}

/** How many entries are read at once where most of them may be passed over. */
const FILTERED_PAGE = 200;

const positionOf = (item: Item): Item => ({ pk: item.pk, sk: item.sk });

/** What happened to one subject, newest first. */
export class AuditTrail {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Up to `limit` changes after `cursor`; of one actor, if one is given. */
  async of(
    subject: string,
    { actor, limit, cursor }: { actor?: string | undefined; limit: number; cursor?: Item | undefined },
  ): Promise<{ readonly items: readonly Change[]; readonly lastKey?: Item }> {
    const key = await new PersonalKeys(this.#table).find(subject);
    const found: { readonly change: Change; readonly position: Item }[] = [];
    let after = cursor;
    do {
      const page = await this.#page(subject, {
        key,
        after,
        size: actor === undefined ? limit : FILTERED_PAGE,
      });
      found.push(...page.read.filter(({ change }) => actor === undefined || change.actor === actor));
      after = page.next;
    } while (after !== undefined && found.length < limit);
    const shown = found.slice(0, limit);
    const items = shown.map(({ change }) => change);
    const isMore = after !== undefined || found.length > limit;
    const last = shown.at(-1);
    return isMore && last !== undefined ? { items, lastKey: last.position } : { items };
  }

  async #page(
    subject: string,
    { key, after, size }: { key: Uint8Array | undefined; after: Item | undefined; size: number },
  ) {
    // One more than wanted: the oldest of a page is compared with the newest of the next.
    const { items, lastKey } = await this.#table.query({
      pk: auditKey(subject),
      after,
      limit: size + 1,
      descending: true,
    });
    const entries = items.map((item) => {
      const entry = entryFrom(item);
      return { ...entry, state: { ...withOpened(entry.state, { subject, key }) } };
    });
    const read = entries.slice(0, size).map((entry, index) => {
      const before = entries[index + 1];
      return {
        change: {
          ...entry,
          ...(before !== undefined && { previousVersion: before.version }),
          changes: differences(before?.state ?? {}, entry.state),
        },
        position: positionOf(items[index] ?? {}),
      };
    });
    const isMore = lastKey !== undefined || items.length > size;
    const next = isMore ? read.at(-1)?.position : undefined;
    return { read, next };
  }
}
