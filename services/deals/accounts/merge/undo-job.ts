import * as z from 'zod';
import { Repository } from '../../../../shared/dynamodb/repository.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import { ConditionFailed } from '../../../../shared/dynamodb/write-errors.ts';
import { PreconditionFailed } from '../../../../shared/errors/errors.ts';
import { AccountMergeUndone } from '../../../../shared/events/accounts.ts';
import { AccountChanged } from '../../../../shared/events/deals.ts';
import type { MergeId } from '../../../../shared/ids/id.ts';
import type { JobHandler, JobRun } from '../../../../shared/jobs/handler.ts';
import { addedCounts } from '../../../../shared/jobs/job.ts';
import { LeftBehind, separated, withLeft, withoutFilled } from '../../domain/account-merge.ts';
import { Accounts } from '../accounts.ts';
import type { MergeSources } from './merge-job.ts';
import { MergeInput, UNDO_MERGE } from './merge-jobs.ts';
import { accountMergeEntity, MergeMoves } from './merge-store.ts';
import type { MoverRun } from './mover.ts';
import { movers as allMovers } from './movers.ts';

const PAGE = 25;

const Position = z.object({
  after: z.record(z.string(), z.unknown()).optional(),
  restored: z.record(z.string(), z.int()).default({}),
  left: z.record(z.string(), z.int()).default({}),
  leftBehind: z.array(LeftBehind).default([]),
});
type Position = z.infer<typeof Position>;

/**
 * Gives back to the duplicate what the merge moved and is still the survivor's, page by page, and at last makes it an account of
 * its own again.
 */
export const undoMerge = (sources: MergeSources): JobHandler => ({
  kind: UNDO_MERGE,
  page: async (job, run) => {
    const { table } = sources;
    const merge = await new Repository(table, accountMergeEntity, run.cause).find(
      MergeInput.parse(job.input).mergeId,
    );
    if (merge?.status !== 'undoing') return {};
    const { accountId: from, duplicateId: to } = merge;
    const position = Position.parse(job.position ?? {});
    const { moves, after } = await new MergeMoves(table).page(merge.id, {
      limit: PAGE,
      after: position.after,
    });
    let leftBehind: readonly LeftBehind[] = position.leftBehind;
    const refused = (record: LeftBehind) => {
      leftBehind = withLeft(leftBehind, record);
    };
    const movers = opened(sources, { ...run, refused });
    const [restored, left]: Record<string, number>[] = [{}, {}];
    for (const { kind, id } of moves) {
      const outcome = await movers.get(kind)?.move(id, from, to);
      // One that is there already went back before this page was cut short.
      const counts = outcome === 'moved' || outcome === 'there' ? restored : left;
      if (counts) counts[kind] = (counts[kind] ?? 0) + 1;
    }
    const next: Position = {
      ...(after !== undefined && { after: { ...after } }),
      restored: addedCounts(position.restored, restored ?? {}),
      left: addedCounts(position.left, left ?? {}),
      leftBehind: [...leftBehind],
    };
    if (after !== undefined) return { position: next };
    await untilSaved(async () => separate(merge.id, next, sources, run));
    return {};
  },
});

const opened = ({ table, directory, movers = allMovers }: MergeSources, run: MoverRun) =>
  new Map(movers.map(({ kind, open }) => [kind, open({ table, directory }, run)]));

/** The two accounts and the merge, in one transaction. */
const separate = async (
  id: MergeId,
  { restored, left, leftBehind }: Pick<Position, 'restored' | 'left' | 'leftBehind'>,
  { table, directory }: MergeSources,
  { cause, clock }: JobRun,
): Promise<void> => {
  const merges = new Repository(table, accountMergeEntity, cause);
  const accounts = new Accounts(table, cause);
  const merge = await merges.get(id);
  if (merge.status !== 'undoing') return;
  const [survivor, duplicate] = await Promise.all([
    accounts.get(merge.accountId),
    accounts.get(merge.duplicateId),
  ]);
  const owner = duplicate.ownerId && (await directory.member(duplicate.ownerId));
  const now = clock.now();
  const kept = withoutFilled(survivor, merge, now);
  const own = separated(duplicate, {
    survivor,
    isOwnerThere: owner === undefined || owner.status === 'active',
    now,
  });
  const undone = {
    ...merge,
    status: 'undone',
    restored,
    left,
    leftBehind: leftBehind.length > 0 ? leftBehind : undefined,
    undoneAt: now,
  } as const;
  try {
    await table.transact([
      ...accounts.writesFor(kept, survivor, AccountChanged),
      ...accounts.writesFor(own, duplicate, AccountChanged),
      merges.writeFor(undone, AccountMergeUndone),
    ]);
  } catch (error) {
    if (error instanceof ConditionFailed) throw new PreconditionFailed(error.detail);
    throw error;
  }
  await accounts.notePairs(own, undefined);
};
