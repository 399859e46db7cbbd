import { Directory } from '../../shared/directory/directory.ts';
import { Repository } from '../../shared/dynamodb/repository.ts';
import type { Table } from '../../shared/dynamodb/table.ts';
import { directoryHoldings } from '../../shared/privacy/directory-holdings.ts';
import type { PersonalHoldings } from '../../shared/privacy/personal-data-job.ts';
import { alertEntity, allAlerts, allGoals, goalEntity } from './store/entities.ts';

const reading = { correlationId: 'personal-data', actor: 'system' } as const;

/**
 * What goals hold of people: whose goals there are, who watches them, and who got which mail. All of it by ids; the
 * ledger keeps no address.
 */
export const goalsHoldings = (table: Table): PersonalHoldings =>
  directoryHoldings(new Directory(table), async ({ subjectId }) => {
    const [goals, alerts] = await Promise.all([
      new Repository(table, goalEntity, reading).queryIndex('gsi1', allGoals),
      new Repository(table, alertEntity, reading).queryIndex('gsi1', allAlerts),
    ]);
    return {
      goals: goals.items.filter(
        ({ ownerId, scope, watcherIds }) =>
          ownerId === subjectId ||
          scope === `rep:${subjectId}` ||
          watcherIds.some((watcher) => watcher === subjectId),
      ),
      alerts: alerts.items
        .filter(({ recipients }) => recipients.some(({ memberId }) => memberId === subjectId))
        .map(({ id, goalId, at }) => ({ id, goalId, at })),
    };
  });
