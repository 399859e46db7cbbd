import * as z from 'zod';
import type { Directory } from '../../../../shared/directory/directory.ts';
import { Repository } from '../../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../../shared/dynamodb/table.ts';
import { AccountsMerged } from '../../../../shared/events/accounts.ts';
import type { JobHandler, JobPage, JobRun } from '../../../../shared/jobs/handler.ts';
import { type AccountMerge, LeftBehind, withLeft } from '../../domain/account-merge.ts';
import { MERGE_ACCOUNTS, MergeInput } from './merge-jobs.ts';
import { accountMergeEntity, MergeMoves } from './merge-store.ts';
import { movePage } from './move-page.ts';
import type { MoverKind } from './mover.ts';
import { movers as allMovers } from './movers.ts';

const Position = z.object({
  /** Index of the kind that is being moved. */
  kind: z.int().default(0),
  after: z.record(z.string(), z.unknown()).optional(),
  /** Records moved since the first page of this pass. */
  moved: z.int().default(0),
  /** Of this pass, too. */
  left: z.array(LeftBehind).default([]),
});
type Position = z.infer<typeof Position>;

export interface MergeSources {
  readonly table: Table;
  readonly directory: Directory;
  readonly movers?: readonly MoverKind[];
}

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
    const left = position.left.length > 0 ? position.left : undefined;
    await merges.save({ ...merge, status: 'merged', moved, mergedAt, leftBehind: left }, AccountsMerged);
    return next;
  },
});

const nextPosition = async (
  merge: AccountMerge,
  { kind: index, after, moved: before, left: known }: Position,
  { table, directory, movers }: Required<MergeSources>,
  run: JobRun,
  moves: MergeMoves,
): Promise<JobPage> => {
  const current = movers[index];
  if (current === undefined) return before > 0 ? { position: { kind: 0, moved: 0 } } : {};
  let left: readonly LeftBehind[] = known;
  const refused = (record: LeftBehind) => {
    left = withLeft(left, record);
  };
  const mover = current.open({ table, directory }, { ...run, refused });
  const page = await movePage(merge, { kind: current.kind, mover, after }, moves);
  const moved = before + page.moved.length;
  const counts = { [current.kind]: page.moved.length };
  if (page.after !== undefined) return { position: { kind: index, after: page.after, moved, left }, counts };
  return { position: { kind: index + 1, moved, left }, counts };
};
