import { defineEntity, type Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed, TransactionConflict } from '../../../shared/dynamodb/write-errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { PeriodLocked, PeriodLockState } from '../../../shared/events/books.ts';
import { type LockedDays, withLocked } from '../domain/locked-days.ts';
import { Books, locking } from './books.ts';

export const PERIOD_LOCKS = 'period-locks';

export const periodLockEntity = defineEntity<PeriodLockState>({
  type: 'period-lock',
  schema: PeriodLockState,
  key: (period) => ({ pk: `period-lock#${period}`, sk: 'state' }),
  indexes: ({ id, from, to }) => ({ gsi1pk: PERIOD_LOCKS, gsi1sk: `${to}#${from}#${id}` }),
});

/** Writers of past days hold the books for a moment each: under many of them it takes a few tries to change them. */
const ATTEMPTS = 10;

/** Periods whose books are closed, for good. */
export class PeriodLocks {
  readonly #table: Table;
  readonly #locks: Repository<PeriodLockState>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#locks = new Repository(table, periodLockEntity, cause);
  }

  async find(period: string): Promise<Stored<PeriodLockState> | undefined> {
    return this.#locks.find(period);
  }

  async page(query: Parameters<Repository<PeriodLockState>['queryIndex']>[2]) {
    return this.#locks.queryIndex('gsi1', PERIOD_LOCKS, { ...query, descending: true });
  }

  /** All days that are locked now. */
  async days(): Promise<LockedDays> {
    return (await new Books(this.#table).of(PERIOD_LOCKS)).locked;
  }

  /**
   * Locks it, once; a lock that is there already stays as it was. Every write of a past day is either before or after it.
   * @throws TransactionConflict where writers of past days left no gap
   */
  async lock(lock: PeriodLockState): Promise<Stored<PeriodLockState>> {
    for (let attempt = 1; ; attempt += 1) {
      const found = await this.#locks.find(lock.id);
      if (found !== undefined) return found;
      const { locked, writes } = await locking(this.#table);
      try {
        await this.#table.transact([
          this.#locks.writeFor(lock, PeriodLocked),
          ...writes(withLocked(locked, lock)),
        ]);
      } catch (error) {
        const isTaken = error instanceof ConditionFailed || error instanceof TransactionConflict;
        if (!isTaken || attempt === ATTEMPTS) throw error;
      }
    }
  }
}
