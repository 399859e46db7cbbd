import * as z from 'zod';
import type { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { AccountChanged, DealsJobAdvanced, StoreChanged } from '../../../shared/events/deals.ts';
import { presentHeir } from '../../../shared/hand-over/heir.ts';
import { HAND_OVER, handOverOf } from '../../../shared/hand-over/job.ts';
import { DealId, type MemberId } from '../../../shared/ids/id.ts';
import type { JobHandler, JobPage, JobRun } from '../../../shared/jobs/handler.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { Accounts } from '../accounts/accounts.ts';
import { storeEntity, STORES } from '../commerce/entities.ts';
import { accountHandedOver, dealHandedOver } from '../domain/reassignment.ts';
import { ACCOUNTS } from '../store/entities.ts';
import { leadGiver, openLeadsPage } from './hand-over-leads.ts';
import { openDealsOf } from './open-deals.ts';
import { openTasksOf, taskGiver } from './open-tasks.ts';
import { dealChanger } from './settled-deals.ts';

const PAGE = 100;
/** So many are listed, and no more. */
const MOST_REFUSED = 100;

const Position = z.object({
  phase: z.enum(['deals', 'accounts', 'stores', 'leads', 'tasks']),
  after: z.record(z.string(), z.unknown()).optional(),
  /** Deals, leads or tasks handed over since the first page of this pass. */
  handed: z.int().default(0),
  /** Deals that were refused so far, as they are. */
  refused: z.array(DealId).default([]),
});
type Position = z.infer<typeof Position>;

interface Sources {
  readonly table: Table;
  readonly directory: Directory;
}

interface Hands {
  readonly from: MemberId;
  readonly to: MemberId;
}

const countOf = (outcomes: readonly boolean[]): number => outcomes.filter(Boolean).length;

/**
 * Open deals, page by page, and from the beginning again until a pass finds none: a deal that is moved to another day, or
 * made, while the pages are read may lie behind the page that is read.
 */
const deals = async (
  { after, handed, refused }: Position,
  hands: Hands,
  sources: Sources,
  run: JobRun,
): Promise<JobPage> => {
  const change = dealChanger(sources, run);
  const page = await openDealsOf(sources.table, hands.from, after);
  const outcomes: boolean[] = [];
  const notHanded = new Set(refused);
  for (const id of page.ids)
    try {
      outcomes.push(await change(id, (deal) => dealHandedOver(deal, { ...hands, now: run.clock.now() })));
    } catch (error) {
      // One that can't be counted as it is must not keep all the others from the heir.
      if (!(error instanceof Unprocessable)) throw error;
      if (notHanded.size < MOST_REFUSED) notHanded.add(id);
    }
  const count = countOf(outcomes);
  const inPass = handed + count;
  const refusedDeals = [...notHanded];
  const next: Position =
    page.after !== undefined
      ? { phase: 'deals', after: page.after, handed: inPass, refused: refusedDeals }
      : { phase: inPass > 0 ? 'deals' : 'accounts', handed: 0, refused: refusedDeals };
  return {
    position: next,
    counts: { deals: count },
    ...(refusedDeals.length > 0 && { found: { refusedDeals } }),
  };
};

const accounts = async (
  { after }: Position,
  hands: Hands,
  { table }: Sources,
  run: JobRun,
): Promise<JobPage> => {
  const repository = new Accounts(table, run.cause);
  const { items, lastKey } = await repository.queryIndex('gsi2', ACCOUNTS, { limit: PAGE, cursor: after });
  const outcomes: boolean[] = [];
  for (const { id } of items.filter(({ ownerId }) => ownerId === hands.from))
    outcomes.push(
      await untilSaved(async () => {
        const account = await repository.get(id);
        const changed = accountHandedOver(account, { ...hands, now: run.clock.now() });
        if (changed !== account) await repository.save(changed, AccountChanged);
        return changed !== account;
      }),
    );
  return {
    position: lastKey === undefined ? { phase: 'stores' } : { phase: 'accounts', after: lastKey },
    counts: { accounts: countOf(outcomes) },
  };
};

/** Orders that come from now on count for the heir. */
const stores = async (
  { after }: Position,
  hands: Hands,
  { table }: Sources,
  run: JobRun,
): Promise<JobPage> => {
  const repository = new Repository(table, storeEntity, run.cause);
  const { items, lastKey } = await repository.queryIndex('gsi1', STORES, { limit: PAGE, cursor: after });
  const outcomes: boolean[] = [];
  for (const { id } of items.filter(({ ownerId }) => ownerId === hands.from))
    outcomes.push(
      await untilSaved(async () => {
        const store = await repository.get(id);
        if (store.ownerId !== hands.from) return false;
        await repository.save({ ...store, ownerId: hands.to }, StoreChanged);
        return true;
      }),
    );
  return {
    position: lastKey === undefined ? { phase: 'leads' } : { phase: 'stores', after: lastKey },
    counts: { stores: countOf(outcomes) },
  };
};

/** Open leads, as deals are: until a pass finds none. */
const leads = async (
  { after, handed }: Position,
  hands: Hands,
  sources: Sources,
  run: JobRun,
): Promise<JobPage> => {
  const give = leadGiver(sources, run);
  const page = await openLeadsPage(sources.table, hands.from, after);
  const outcomes: boolean[] = [];
  for (const id of page.ids) outcomes.push(await give(id, hands));
  const count = countOf(outcomes);
  const inPass = handed + count;
  const next: Position['phase'] = inPass > 0 ? 'leads' : 'tasks';
  return {
    position:
      page.after === undefined
        ? { phase: next, handed: 0 }
        : { phase: 'leads', after: page.after, handed: inPass },
    counts: { leads: count },
  };
};

/** What is planned, as deals are: until a pass finds none. What is done stays with who did it. */
const tasks = async (
  { after, handed }: Position,
  hands: Hands,
  sources: Sources,
  run: JobRun,
): Promise<JobPage> => {
  const give = taskGiver(sources, run);
  const page = await openTasksOf(sources.table, hands.from, after);
  const outcomes: boolean[] = [];
  for (const id of page.ids) outcomes.push(await give(id, hands));
  const count = countOf(outcomes);
  const inPass = handed + count;
  const isOver = page.after === undefined && inPass === 0;
  return {
    ...(!isOver && {
      position:
        page.after === undefined
          ? { phase: 'tasks', handed: 0 }
          : { phase: 'tasks', after: page.after, handed: inPass },
    }),
    counts: { tasks: count },
  };
};

const phases = { deals, accounts, stores, leads, tasks } as const;

/** Gives what a departed member leaves open to the heir: deals, accounts, stores, leads, and what is planned. Closed deals stay where they were earned. */
export const handOver = (sources: Sources): JobHandler => ({
  kind: HAND_OVER,
  page: async (job, run) => {
    const { memberId, heirId } = handOverOf(job);
    if (heirId === undefined) return {};
    const jobs = new Jobs(sources.table, DealsJobAdvanced, run.cause);
    const to = await presentHeir(heirId, { directory: sources.directory, jobs });
    const position = Position.parse(job.position ?? { phase: 'deals' });
    return phases[position.phase](position, { from: memberId, to }, sources, run);
  },
});
