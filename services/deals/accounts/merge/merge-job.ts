import * as z from 'zod';
import type { Directory } from '../../../../shared/directory/directory.ts';
import { Repository } from '../../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../../shared/dynamodb/table.ts';
import { AccountsMerged } from '../../../../shared/events/accounts.ts';
import type { JobHandler, JobPage, JobRun } from '../../../../shared/jobs/handler.ts';
import type { AccountMerge } from '../../domain/account-merge.ts';
import { MERGE_ACCOUNTS, MergeInput } from './merge-jobs.ts';
import { accountMergeEntity, MergeMoves } from './merge-store.ts';
import type { Mover, MoverKind } from './mover.ts';
import { movers as allMovers } from './movers.ts';

const Position = z.object({
  /** Index of the kind that is being moved. */
  kind: z.int().default(0),
  after: z.record(z.string(), z.unknown()).optional(),
  /** Records moved since the first page of this pass. */
  moved: z.int().default(0),
});
type Position = z.infer<typeof Position>;

export interface MergeSources {
  readonly table: Table;
  readonly directory: Directory;
  readonly movers?: readonly MoverKind[];
}

/** Moves a page of records of one kind, each written down before it is moved; answers how many moved. */
const movePage = async (
  merge: AccountMerge,
  { kind, mover, after }: { readonly kind: string; readonly mover: Mover; readonly after: Position['after'] },
  moves: MergeMoves,
): Promise<{ readonly moved: number; readonly after?: Position['after'] }> => {
  const { accountId: to, duplicateId: from } = merge;
  const page = await mover.list(from, after);
  const fresh = new Set(
    (
      await moves.note(
        merge.id,
        page.ids.map((id) => ({ kind, id, from })),
      )
    ).map(({ id }) => id),
  );
  let moved = 0;
  for (const id of page.ids) {
    const outcome = await mover.move(id, from, to);
    if (outcome === 'moved') moved += 1;
    // Someone else took it meanwhile: it is none of what undoing gives back.
    else if (fresh.has(id)) await moves.forget(merge.id, { kind, id, from });
  }
  return { moved, ...(page.after !== undefined && { after: { ...page.after } }) };
};

/**
 * Moves what belongs to the duplicate, kind by kind, and from the beginning again until a pass finds nothing: what was written
 * with the duplicate's id while it was being merged comes later. The duplicate is marked as merged before: nothing new refers to it.
 */
export const mergeAccounts = ({ table, directory, movers = allMovers }: MergeSources): JobHandler => ({
  kind: MERGE_ACCOUNTS,
  page: async (job, run) => {
    const merges = new Repository(table, accountMergeEntity, run.cause);
    const merge = await merges.find(MergeInput.parse(job.input).mergeId);
    // Done, undone, or gone with a backup. What is being undone must not be moved again.
    if (merge?.status !== 'merging') return {};
    const position = Position.parse(job.position ?? {});
    const moves = new MergeMoves(table);
    const next = await nextPosition(merge, position, { table, directory, movers }, run, moves);
    if (next.position !== undefined) return next;
    const moved = await moves.counts(merge.id);
    const mergedAt = merge.mergedAt ?? run.clock.now();
    await merges.save({ ...merge, status: 'merged', moved, mergedAt }, AccountsMerged);
    return next;
  },
});

const nextPosition = async (
  merge: AccountMerge,
  { kind: index, after, moved: before }: Position,
  { table, directory, movers }: Required<MergeSources>,
  run: JobRun,
  moves: MergeMoves,
): Promise<JobPage> => {
  const current = movers[index];
  if (current === undefined) return before > 0 ? { position: { kind: 0, moved: 0 } } : {};
  const mover = current.open({ table, directory }, run);
  const page = await movePage(merge, { kind: current.kind, mover, after }, moves);
  const moved = before + page.moved;
  const counts = { [current.kind]: page.moved };
  if (page.after !== undefined) return { position: { kind: index, after: page.after, moved }, counts };
  return { position: { kind: index + 1, moved }, counts };
};
