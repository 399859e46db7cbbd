import * as z from 'zod';
import { defineEntity } from '../../../../shared/dynamodb/entity.ts';
import type { Item, Key } from '../../../../shared/dynamodb/item.ts';
import type { Table } from '../../../../shared/dynamodb/table.ts';
import { AccountId, type MergeId } from '../../../../shared/ids/id.ts';
import { AccountMerge } from '../../domain/account-merge.ts';

const pkOf = (id: string): string => `account-merge#${id}`;

/** Merges that are done, by when they were. */
export const MERGED = 'account-merge#merged';

export const accountMergeEntity = defineEntity<AccountMerge>({
  type: 'account-merge',
  schema: AccountMerge,
  key: (id) => ({ pk: pkOf(id), sk: 'state' }),
  indexes: ({ id, status, mergedAt }) =>
    status === 'merged' && mergedAt !== undefined ? { gsi1pk: MERGED, gsi1sk: `${mergedAt}#${id}` } : {},
});

export const MERGE_MOVE = 'account-merge-move';

/** Longer than a merge can be undone, and undoing can take. */
const KEPT_SECONDS = 60 * 86_400;

/** A record that a merge moved, or was about to. */
export const MergeMove = z.object({ kind: z.string(), id: z.string(), from: AccountId });
export type MergeMove = z.infer<typeof MergeMove>;

const PREFIX = 'moved#';
const keyOf = (mergeId: MergeId, { kind, id }: Pick<MergeMove, 'kind' | 'id'>): Key => ({
  pk: pkOf(mergeId),
  sk: `${PREFIX}${kind}#${id}`,
});

export const moveOf = ({ data }: Item): MergeMove => MergeMove.parse(data);
const textOf = ({ kind, id }: Pick<MergeMove, 'kind' | 'id'>): string => `${kind}#${id}`;

/** The history of merges: which records each one moved. */
export class MergeMoves {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Writes them down; answers those that had not been yet. */
  async note(mergeId: MergeId, moves: readonly MergeMove[]): Promise<readonly MergeMove[]> {
    const known = await this.#table.batchGet(moves.map((move) => keyOf(mergeId, move)));
    const noted = new Set(known.map((item) => textOf(moveOf(item))));
    const fresh = moves.filter((move) => !noted.has(textOf(move)));
    const expiresAt = Math.floor(Date.parse(this.#table.clock.now()) / 1000) + KEPT_SECONDS;
    await this.#table.batchPut(
      fresh.map((move) => ({ ...keyOf(mergeId, move), type: MERGE_MOVE, data: move, expiresAt })),
    );
    return fresh;
  }

  /** It was not moved after all. */
  async forget(mergeId: MergeId, move: MergeMove): Promise<void> {
    await this.#table.transact([{ remove: keyOf(mergeId, move) }]);
  }

  async page(
    mergeId: MergeId,
    { limit, after }: { readonly limit: number; readonly after: Item | undefined },
  ): Promise<{ readonly moves: readonly MergeMove[]; readonly after?: Item | undefined }> {
    const { items, lastKey } = await this.#table.query({
      pk: pkOf(mergeId),
      skPrefix: PREFIX,
      limit,
      after,
    });
    return { moves: items.map(moveOf), after: lastKey };
  }

  /** How many of each kind are written down. */
  async counts(mergeId: MergeId): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    let after: Item | undefined;
    do {
      const page = await this.page(mergeId, { limit: 1000, after });
      for (const { kind } of page.moves) counts[kind] = (counts[kind] ?? 0) + 1;
      after = page.after;
    } while (after !== undefined);
    return counts;
  }
}
