import * as z from 'zod';
import type { Stored } from '../../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import type { Message } from '../../../../shared/events/consumer.ts';
import { DealsJobAdvanced } from '../../../../shared/events/deals.ts';
import type { Outcome } from '../../../../shared/events/outcome.ts';
import type { DayBegan } from '../../../../shared/events/team.ts';
import { derivedId, JobId, MergeId } from '../../../../shared/ids/id.ts';
import type { JobHandler, JobRun } from '../../../../shared/jobs/handler.ts';
import { newJob } from '../../../../shared/jobs/job.ts';
import { Jobs } from '../../../../shared/jobs/jobs.ts';
import { type Clock, type Instant, instantFrom } from '../../../../shared/time/instant.ts';
import { type AccountMerge, LeftBehind, UNDO_DAYS, withLeft } from '../../domain/account-merge.ts';
import { isSame } from '../../domain/patch.ts';
import type { MergeSources } from './merge-job.ts';
import { accountMergeEntity, MERGED, MergeMoves } from './merge-store.ts';
import { movePage } from './move-page.ts';
import { movers as allMovers } from './movers.ts';

export const SWEEP_MERGES = 'sweep-account-merges';

const DAY = 86_400_000;

const Input = z.object({ since: z.string() });
const Key = z.record(z.string(), z.unknown());
const Position = z.object({
  /** Behind which merge the next one is, by the index. */
  merges: Key.optional(),
  /** The merge that is half done, and where in it. */
  mergeId: MergeId.optional(),
  kind: z.int().default(0),
  after: Key.optional(),
  moved: z.int().default(0),
  left: z.array(LeftBehind).default([]),
});
type Position = z.infer<typeof Position>;
type Within = Pick<Position, 'kind' | 'after' | 'moved' | 'left'>;

const fromStart: Within = { kind: 0, moved: 0, left: [] };

/**
 * Goes over the merges of the last 30 days once more: what was written with the duplicate's id by whoever had looked the account
 * up before it was merged moves after all. It is the merge's own, so that undoing gives it back.
 */
export const sweepMerges = (sources: MergeSources): JobHandler => ({
  kind: SWEEP_MERGES,
  page: async (job, run) => {
    const { since } = Input.parse(job.input);
    const position = Position.parse(job.position ?? {});
    const merges = new Repository(sources.table, accountMergeEntity, run.cause);
    const page = await merges.queryIndex('gsi1', MERGED, {
      skFrom: since,
      limit: 1,
      cursor: position.merges,
    });
    const [next] = page.items;
    if (next === undefined) return {};
    const within = position.mergeId === next.id ? position : fromStart;
    const swept = await sweepPage(next.id, within, sources, run);
    const counts = { moved: swept.moved };
    if (swept.within !== undefined)
      return { position: { ...swept.within, mergeId: next.id, merges: position.merges }, counts };
    return page.lastKey === undefined ? { counts } : { position: { merges: page.lastKey }, counts };
  },
});

/** A page of one kind, and of each further kind as long as a page is all there is of one. `within` is absent at the end. */
const sweepPage = async (
  id: MergeId,
  { kind: first, after: begin, moved: before, left }: Within,
  { table, directory, movers = allMovers }: MergeSources,
  run: JobRun,
): Promise<{ readonly moved: number; readonly within?: Within }> => {
  const merges = new Repository(table, accountMergeEntity, run.cause);
  const moves = new MergeMoves(table);
  let after = begin;
  let moved = 0;
  let behind: readonly LeftBehind[] = left;
  for (const [index, { kind, open }] of movers.entries()) {
    if (index < first) continue;
    const merge = await merges.find(id);
    if (merge?.status !== 'merged') return { moved };
    const refused = (record: LeftBehind) => {
      behind = withLeft(behind, record);
    };
    const mover = open({ table, directory }, { ...run, refused });
    const page = await movePage(merge, { kind, mover, after }, moves);
    // What moved while undoing began may have come too late for it to be given back with the others.
    if (page.moved.length > 0 && (await merges.find(id))?.status !== 'merged') {
      for (const each of page.moved) await mover.move(each, merge.accountId, merge.duplicateId);
      return { moved };
    }
    moved += page.moved.length;
    after = page.after;
    if (after !== undefined)
      return { moved, within: { kind: index, after, moved: before + moved, left: [...behind] } };
  }
  await untilSaved(async () => {
    const merge = await merges.find(id);
    if (merge?.status === 'merged')
      await report(merge, { moved: before + moved, left: behind }, merges, moves);
  });
  return { moved };
};

const report = async (
  merge: Stored<AccountMerge>,
  { moved, left }: { readonly moved: number; readonly left: readonly LeftBehind[] },
  merges: Repository<AccountMerge>,
  moves: MergeMoves,
): Promise<void> => {
  if (moved === 0 && isSame(merge.leftBehind ?? [], left)) return;
  await merges.save({
    ...merge,
    moved: await moves.counts(merge.id),
    leftBehind: left.length > 0 ? [...left] : undefined,
  });
};

/** Once a day, where anything was merged in the days in which that can be undone. A day that is told again starts nothing new. */
export const followDayForMerges =
  ({ table, clock }: { readonly table: Table; readonly clock: Clock }) =>
  async ({ event, cause }: Message<typeof DayBegan>): Promise<Outcome> => {
    const since: Instant = instantFrom(Date.parse(clock.now()) - UNDO_DAYS * DAY);
    const { items } = await table.query({ index: 'gsi1', pk: MERGED, skFrom: since, limit: 1 });
    if (items.length === 0) return 'irrelevant';
    const id = derivedId(JobId, SWEEP_MERGES, event.data.day);
    await new Jobs(table, DealsJobAdvanced, cause).start(
      newJob({ id, kind: SWEEP_MERGES, input: { since } }, clock),
    );
    return 'done';
  };
