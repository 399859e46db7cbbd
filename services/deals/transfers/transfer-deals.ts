import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { DealId, type MemberId } from '../../../shared/ids/id.ts';
import type { JobHandler, JobPage, JobRun } from '../../../shared/jobs/handler.ts';
import type { Deal } from '../domain/deal.ts';
import { isToMove, TRANSFER_DEALS, TransferInput } from '../domain/deal-transfer.ts';
import { dealHandedOver } from '../domain/reassignment.ts';
import { dealTasksGiven } from '../follow-ups/open-tasks.ts';
import { dealChanger } from '../follow-ups/settled-deals.ts';
import {
  dealPage,
  type DealPage,
  DealPosition,
  partitionOfAccount,
  partitionsOfOwners,
} from '../store/deal-pages.ts';
import { plannedOf } from './planned-activities.ts';

/** So many are listed, and no more. */
const MOST_REFUSED = 100;
/** Deals that are made or move behind the page that is read are found by the next pass. */
const MOST_PASSES = 10;

const Position = DealPosition.extend({
  /** Closed deals first, which are only counted; then open ones, pass after pass. */
  phase: z.enum(['won', 'lost', 'open']).default('won'),
  pass: z.int().default(1),
  /** Deals that changed hands in this pass. */
  moved: z.int().default(0),
  refused: z.array(DealId).default([]),
});
type Position = z.infer<typeof Position>;

interface Sources {
  readonly table: Table;
  readonly directory: Directory;
}

const worth = (deals: readonly Deal[]): number =>
  deals.reduce((sum, { reportingAmount }) => sum + (reportingAmount?.amount ?? 0), 0);

/** Those that stay with whom they were won or lost for. */
const stayed = (
  { phase, refused }: Position,
  deals: readonly Deal[],
  next: DealPosition | undefined,
): JobPage => {
  const following = phase === 'won' ? 'lost' : 'open';
  return {
    position: next === undefined ? { phase: following, refused } : { ...next, phase, refused },
    counts: { closed: deals.length },
  };
};

const handedOver = async (
  deals: readonly Deal[],
  input: TransferInput,
  sources: Sources,
  run: JobRun,
): Promise<{
  readonly moved: readonly Deal[];
  readonly refused: readonly DealId[];
  readonly activities: number;
}> => {
  const change = dealChanger(sources, run);
  const moved: Deal[] = [];
  const refused: DealId[] = [];
  let activities = 0;
  for (const deal of deals) {
    const hands = { from: deal.ownerId, to: input.toOwnerId };
    if (input.dryRun) {
      moved.push(deal);
      activities += (await plannedOf(sources.table, { dealId: deal.id, ownerId: deal.ownerId })).length;
      continue;
    }
    try {
      // The deal last: while it is where it was, a page that comes again after a crash finds it.
      activities += await dealTasksGiven(sources, run, { dealId: deal.id, ...hands });
      const isMoved = await change(deal.id, (present) =>
        isToMove(present, input) ? dealHandedOver(present, { ...hands, now: run.clock.now() }) : present,
      );
      if (isMoved) moved.push(deal);
    } catch (error) {
      // One that can't be counted as it is must not keep all the others from their new owner.
      if (!(error instanceof Unprocessable)) throw error;
      refused.push(deal.id);
    }
  }
  return { moved, refused, activities };
};

/** Gives open deals another owner, or foresees what that would move. */
export const transferDeals = (sources: Sources): JobHandler => ({
  kind: TRANSFER_DEALS,
  async page(job, run): Promise<JobPage> {
    const input = TransferInput.parse(job.input);
    const position = Position.parse(job.position ?? {});
    const { phase, pass, refused } = position;
    const found = await pageOf(sources, input, position);
    if (phase !== 'open') {
      const closed = found.deals.filter((deal) => isToMove({ ...deal, status: 'open' }, input));
      return stayed(position, closed, found.next);
    }
    const wanted = found.deals.filter((deal) => isToMove(deal, input) && !refused.includes(deal.id));
    const done = await handedOver(wanted, input, sources, run);
    const notMoved = [...refused, ...done.refused].slice(0, MOST_REFUSED);
    const moved = position.moved + done.moved.length;
    const isOver = found.next === undefined && (input.dryRun || moved === 0 || pass >= MOST_PASSES);
    const following =
      found.next === undefined
        ? { phase, pass: pass + 1, refused: notMoved }
        : { ...found.next, phase, pass, moved, refused: notMoved };
    return {
      ...(!isOver && { position: following }),
      counts: {
        deals: done.moved.length,
        value: worth(done.moved),
        unvalued: done.moved.filter(({ reportingAmount }) => reportingAmount === undefined).length,
        activities: done.activities,
      },
      ...(notMoved.length > 0 && { found: { refusedDeals: notMoved } }),
    };
  },
});

const pageOf = async (
  { table, directory }: Sources,
  { accountId, owners }: TransferInput,
  { phase, at, after }: Position,
): Promise<DealPage> => {
  const everyone = async (): Promise<readonly MemberId[]> =>
    (await directory.snapshot()).members().map(({ id }) => id);
  const partitions =
    accountId === undefined
      ? partitionsOfOwners(owners ?? (await everyone()))
      : [partitionOfAccount(accountId)];
  return dealPage(table, partitions, { status: phase, position: { at, after } });
};
