import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import { AlreadyExists, Conflict } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import {
  GoalCreated,
  GoalMilestoneReached,
  GoalMilestoneReverted,
  GoalUpdated,
} from '../../../shared/events/goals.ts';
import type { Alert } from '../domain/alert.ts';
import type { Crossing } from '../domain/evaluate.ts';
import type { Goal } from '../domain/goal.ts';
import { alertEntity, goalEntity } from './entities.ts';
import { Watches } from './watches.ts';

/** A goal's crossing and the ledger entry that goes with it. */
export interface Crossed {
  readonly goal: Stored<Goal>;
  readonly crossing: Crossing;
  readonly alert: Alert;
}

/** Two writes per goal and one check fit a transaction of 100. */
const GOALS_PER_TRANSACTION = 49;

/** Goals with what must be written together with them: the ledger's entries, and the scope's list of active goals. */
export class GoalStore {
  readonly goals: Repository<Goal>;
  readonly alerts: Repository<Alert>;
  readonly watches: Watches;
  readonly #table: Table;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.goals = new Repository(table, goalEntity, cause);
    this.alerts = new Repository(table, alertEntity, cause);
    this.watches = new Watches(table);
  }

  /**
   * Writes a new goal, with the entry of what it has passed already, as long as its numbers have not moved since. Throws
   * AlreadyExists with the stored one; answers undefined where the numbers moved.
   */
  async create(
    goal: Goal,
    first: Alert | undefined,
    {
      sequence,
      requestHash,
    }: { readonly sequence: number | undefined; readonly requestHash?: string | undefined },
  ): Promise<Stored<Goal> | undefined> {
    const writes = [
      this.goals.writeFor(goal, GoalCreated, { requestHash }),
      ...this.#beside(goal, first, sequence),
    ];
    const refused = await this.#attempt(writes);
    if (refused === undefined) return { ...goal, version: 1 };
    const existing = refused.existing.get(0);
    if (existing === undefined) return undefined;
    const hash = typeof existing.requestHash === 'string' ? existing.requestHash : undefined;
    throw new AlreadyExists(`goal ${goal.id}`, storedFrom<Goal>(existing), hash);
  }

  /** The same for a goal that was edited or cancelled; undefined where it, or its numbers, changed since. */
  async change(
    goal: Stored<Goal>,
    first: Alert | undefined,
    sequence: number | undefined,
  ): Promise<Stored<Goal> | undefined> {
    const writes = [this.goals.writeFor(goal, GoalUpdated), ...this.#beside(goal, first, sequence)];
    return (await this.#attempt(writes)) === undefined ? { ...goal, version: goal.version + 1 } : undefined;
  }

  /**
   * Writes crossings of goals of one scope, each with its event and its entry. Answers those that were written: fewer where
   * a goal or the scope's numbers changed since they were read, and the rest has to be worked out again.
   */
  async record(
    scope: string,
    crossed: readonly Crossed[],
    sequence: number | undefined,
  ): Promise<readonly Crossed[]> {
    const unmoved = this.watches.unmoved(scope, sequence);
    for (let start = 0; start < crossed.length; start += GOALS_PER_TRANSACTION) {
      const writes = crossed
        .slice(start, start + GOALS_PER_TRANSACTION)
        .flatMap(({ goal, crossing, alert }) => [
          this.goals.writeFor(goal, eventsOf(crossing, alert)),
          this.alerts.writeFor(alert),
        ]);
      if ((await this.#attempt([...writes, unmoved])) !== undefined) return crossed.slice(0, start);
    }
    return crossed;
  }

  #beside(goal: Goal, first: Alert | undefined, sequence: number | undefined): TransactItem[] {
    return [
      this.watches.writeFor(goal),
      this.watches.unmoved(goal.scope, sequence),
      ...(first === undefined ? [] : [this.alerts.writeFor(first)]),
    ];
  }

  /** The refusal, where a condition did not hold. */
  async #attempt(writes: readonly TransactItem[]): Promise<ConditionFailed | undefined> {
    try {
      await this.#table.transact(writes);
      return undefined;
    } catch (error) {
      if (error instanceof ConditionFailed) return error;
      throw error;
    }
  }
}

/** What is only recorded is no news to anyone. */
const eventsOf = ({ direction, announced }: Crossing, alert: Alert) => {
  if (!announced) return [];
  const { id: alertId, milestones, value, percent, at, movers } = alert;
  return {
    contract: direction === 'reached' ? GoalMilestoneReached : GoalMilestoneReverted,
    change: { alertId, milestones, value, percent, at, movers },
  };
};

const ATTEMPTS = 8;

/** Repeats work that others' writes overtook, until it is done. Throws Conflict after many attempts in vain. */
export const untilUnmoved = async <T>(work: () => Promise<T | undefined>): Promise<T> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const done = await work();
    if (done !== undefined) return done;
  }
  throw new Conflict('The goal’s numbers keep moving; nothing was changed. Repeat the request.');
};
