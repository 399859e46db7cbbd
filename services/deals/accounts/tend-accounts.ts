import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { equals } from '../../../shared/dynamodb/expressions.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import type { Outcome } from '../../../shared/events/outcome.ts';
import type { DayBegan } from '../../../shared/events/team.ts';
import { derivedId, JobId } from '../../../shared/ids/id.ts';
import type { JobHandler } from '../../../shared/jobs/handler.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Account } from '../domain/account.ts';
import { accountEntity, ACCOUNTS } from '../store/entities.ts';
import { Accounts } from './accounts.ts';
import { Duplicates } from './duplicates.ts';
import { Healths } from './health.ts';
import { AccountIdentities, accountIdentityWrites } from './identities.ts';
import { placeWrites } from './place.ts';

export const TEND_ACCOUNTS = 'tend-accounts';

const PAGE = 25;
const CONCURRENCY = 4;

/**
 * Looks at every account once a day: how it stands, for silence makes no event; whom it may be the same as, for contacts are
 * written without looking; and puts what it is found by where an earlier version left it out.
 */
export const tendAccounts = ({
  table,
  directory,
  pageSize = PAGE,
}: {
  readonly table: Table;
  readonly directory: Directory;
  readonly pageSize?: number;
}): JobHandler => ({
  kind: TEND_ACCOUNTS,
  page: async (job, run) => {
    const accounts = new Accounts(table, run.cause);
    const healths = new Healths({ table, directory, clock: run.clock });
    const duplicates = new Duplicates(accounts, new AccountIdentities(table));
    const { items, lastKey } = await accounts.queryIndex('gsi2', ACCOUNTS, {
      limit: pageSize,
      cursor: job.position,
    });
    await mapConcurrently(items, CONCURRENCY, async (account) => {
      await findable(table, account);
      const found = await duplicates.of(account);
      await accounts.pair(
        account.id,
        found.map(({ account: other }) => other.id),
      );
      await healths.of(account);
    });
    return { position: lastKey, counts: { accounts: items.length } };
  },
});

/** Puts down again what the account is found by; harmless where it is there. */
const findable = async (table: Table, account: Stored<Account>): Promise<void> => {
  const entries = [...accountIdentityWrites(account, undefined), ...placeWrites(account, undefined)];
  const keys = entries.flatMap((entry) => ('put' in entry ? [entry.put] : []));
  const known = await table.batchGet(keys.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) })));
  if (known.length === keys.length) return;
  const unchanged: TransactItem = {
    check: accountEntity.key(account.id),
    condition: equals({ version: account.version }),
  };
  try {
    await table.transact([unchanged, ...entries]);
  } catch (error) {
    // Whoever changed it meanwhile wrote what belongs to the change; tomorrow is another day.
    if (!(error instanceof ConditionFailed)) throw error;
  }
};

/** A day that is told again starts nothing new. */
export const followDayForAccounts =
  ({ table, clock }: { readonly table: Table; readonly clock: Clock }) =>
  async ({ event, cause }: Message<typeof DayBegan>): Promise<Outcome> => {
    const id = derivedId(JobId, TEND_ACCOUNTS, event.data.day);
    await new Jobs(table, DealsJobAdvanced, cause).start(
      newJob({ id, kind: TEND_ACCOUNTS, input: {} }, clock),
    );
    return 'done';
  };
