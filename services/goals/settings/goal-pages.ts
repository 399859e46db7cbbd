import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import type { Goal } from '../domain/goal.ts';
import { allGoals, goalEntity } from '../store/entities.ts';

const PAGE = 50;

/** A page of all goals, cancelled ones included: they are still read. */
export const goalPage = async (
  table: Table,
  { position }: Pick<Job, 'position'>,
  cause: Cause,
): Promise<{
  readonly goals: readonly Stored<Goal>[];
  readonly next?: Readonly<Record<string, unknown>> | undefined;
}> => {
  const { items, lastKey } = await new Repository(table, goalEntity, cause).queryIndex('gsi1', allGoals, {
    limit: PAGE,
    cursor: position,
  });
  return { goals: items, next: lastKey };
};
