import type { Item } from '../../../../shared/dynamodb/item.ts';
import type { AccountMerge } from '../../domain/account-merge.ts';
import type { MergeMoves } from './merge-store.ts';
import type { Mover } from './mover.ts';

export interface MovedPage {
  /** Ids of the records that moved by this very page. */
  readonly moved: readonly string[];
  readonly after?: Item | undefined;
}

/** Moves a page of records of one kind to the survivor, each written down before it is moved. */
export const movePage = async (
  merge: AccountMerge,
  { kind, mover, after }: { readonly kind: string; readonly mover: Mover; readonly after: Item | undefined },
  moves: MergeMoves,
): Promise<MovedPage> => {
  const { accountId: to, duplicateId: from } = merge;
  const page = await mover.list(from, after);
  const noted = await moves.note(
    merge.id,
    page.ids.map((id) => ({ kind, id, from })),
  );
  const fresh = new Set(noted.map(({ id }) => id));
  const moved: string[] = [];
  for (const id of page.ids) {
    const outcome = await mover.move(id, from, to);
    if (outcome === 'moved') moved.push(id);
    // Someone else took it meanwhile, or it can't move: it is none of what undoing gives back.
    else if (fresh.has(id)) await moves.forget(merge.id, { kind, id, from });
  }
  return { moved, ...(page.after !== undefined && { after: { ...page.after } }) };
};
