import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { AccountChanged } from '../../../shared/events/deals.ts';
import type { AccountId } from '../../../shared/ids/id.ts';
import type { JobHandler, JobRun } from '../../../shared/jobs/handler.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import { Accounts } from '../accounts/accounts.ts';
import { assignmentRulesOf } from '../assignment-rules.ts';
import type { Account } from '../domain/account.ts';
import { placedAt } from '../domain/account-assignment.ts';
import { type AccountMove, accountMove, isAt, newPlaceOf } from '../domain/account-move.ts';
import { ASSIGN_ACCOUNTS, AssignmentInput, withProposals } from '../domain/assignment-job.ts';
import { AccountMoves } from '../store/account-moves.ts';
import { ACCOUNTS } from '../store/entities.ts';
import { AccountDeals } from './account-deals.ts';

const PAGE = 25;
const CONCURRENCY = 4;

/**
 * Looks at every account whose place the territory rules say, and lists those that they would have elsewhere; unless it
 * is a dry run, it moves them, with their open deals.
 */
export const assignAccounts = (
  table: Table,
  { pageSize = PAGE }: { readonly pageSize?: number } = {},
): JobHandler => ({
  kind: ASSIGN_ACCOUNTS,
  async page(job, run) {
    const accounts = new Accounts(table, run.cause);
    const { items, lastKey } = await accounts.queryIndex('gsi2', ACCOUNTS, {
      limit: pageSize,
      cursor: job.position,
    });
    const moves = await movesOf(table, job, run, {
      accounts,
      ids: items.filter(({ assignedBy }) => assignedBy === 'rule').map(({ id }) => id),
    });
    return {
      position: lastKey,
      counts: {
        accounts: items.length,
        moving: moves.length,
        deals: moves.reduce((sum, { deals }) => sum + deals, 0),
        openValue: moves.reduce((sum, { openValue }) => sum + openValue.amount, 0),
      },
    };
  },
});

const movesOf = async (
  table: Table,
  job: Job,
  run: JobRun,
  { accounts, ids }: { readonly accounts: Repository<Account>; readonly ids: readonly AccountId[] },
): Promise<readonly AccountMove[]> => {
  const { dryRun, territories } = AssignmentInput.parse(job.input);
  const moves = new AccountMoves(table);
  const [directory, written] = await Promise.all([
    new Directory(table).snapshot(),
    moves.ofAccounts(job.id, ids),
  ]);
  const known = new Map(written);
  const { reportingCurrency: reporting } = directory.organization;
  const proposed = withProposals(directory.territories(), territories);
  const rules = assignmentRulesOf(directory, run.clock.now(), proposed);
  const deals = new AccountDeals({ table, cause: run.cause, directory, clock: run.clock });

  const foreseen = async (account: Account): Promise<AccountMove | undefined> => {
    const to = newPlaceOf(account, rules);
    if (to === undefined) return undefined;
    const move = accountMove(account, to, { openDeals: await deals.open(account.id), reporting });
    await moves.put(job.id, move);
    known.set(account.id, move);
    return move;
  };

  const carryOut = async (id: AccountId): Promise<AccountMove | undefined> => {
    const account = await accounts.get(id);
    // Written before it is carried out: a page that comes again after a crash carries on what it meant to do, and counts the same.
    const move = known.get(id) ?? (await foreseen(account));
    if (move === undefined || dryRun) return move;
    if (account.assignedBy !== 'rule' || !isAt(account, move.from)) return move;
    const moved = { ...placedAt(account, move.to), updatedAt: run.clock.now(), version: account.version };
    // The account last: while it is where it was, the page that comes again knows that it isn’t done.
    await deals.move(moved, move);
    await accounts.save(moved, AccountChanged);
    return move;
  };

  const found = await mapConcurrently(ids, CONCURRENCY, async (id) => untilSaved(async () => carryOut(id)));
  return found.filter((move) => move !== undefined);
};
