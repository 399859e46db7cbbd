import { equals } from '../../../shared/dynamodb/expressions.ts';
import type { Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { GoalId } from '../../../shared/ids/id.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { kpiOf } from '../domain/attainment.ts';
import type { Goal } from '../domain/goal.ts';

/** An active goal of a scope: enough to tell whether a day concerns it. */
export interface Watch {
  readonly goalId: GoalId;
  readonly from: Day;
  /** The first day after the period. */
  readonly to: Day;
  /** Whether its KPI is a number as of now, which lies in no day's bucket. */
  readonly asOfNow: boolean;
}

/** What is known of a scope at one moment. */
export interface Watched {
  /** Rises after every change of the scope's buckets; undefined before the first. */
  readonly sequence: number | undefined;
  readonly watches: readonly Watch[];
}

const partition = (scope: string): string => `scope#${scope}`;
const sequenceKey = (scope: string): Key => ({ pk: partition(scope), sk: 'sequence' });
const watchKey = ({ id, scope }: Pick<Goal, 'id' | 'scope'>): Key => ({
  pk: partition(scope),
  sk: `goal#${id}`,
});

/**
 * The active goals of each scope, with the scope's sequence, under one key that is read consistently. The sequence rises
 * after buckets were kept and before goals are evaluated; whoever writes what an evaluation came to makes the write depend
 * on it. So no goal is left as older numbers had it, and none is missed that is made while numbers move.
 */
export class Watches {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async advance(scope: string): Promise<void> {
    await this.#table.update({
      key: sequenceKey(scope),
      set: { type: 'scope-sequence' },
      add: { sequence: 1 },
    });
  }

  async of(scope: string): Promise<Watched> {
    const { items } = await this.#table.query({ pk: partition(scope) });
    const sequence = items.find(({ sk }) => sk === 'sequence')?.sequence;
    return {
      sequence: typeof sequence === 'number' ? sequence : undefined,
      watches: items
        .filter(({ type }) => type === 'watch')
        .map(({ goalId, from, to, asOfNow }) => ({
          goalId: GoalId.parse(goalId),
          from: from as Day,
          to: to as Day,
          asOfNow: asOfNow === true,
        })),
    };
  }

  /** Holds in a transaction as long as the scope's numbers have not moved since `sequence` was read. */
  unmoved(scope: string, sequence: number | undefined): TransactItem {
    return { check: sequenceKey(scope), condition: equals({ sequence }) };
  }

  /** For the transaction that writes the goal: watched while it is active. */
  writeFor(goal: Goal): TransactItem {
    if (goal.status !== 'active') return { remove: watchKey(goal) };
    const { id: goalId, from, to } = goal;
    const asOfNow = kpiOf(goal).date === 'now';
    return { put: { ...watchKey(goal), type: 'watch', goalId, from, to, asOfNow } };
  }
}
