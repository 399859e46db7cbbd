import * as z from 'zod';
import { restatedDirectory } from '../../shared/directory/restated.ts';
import { GoalsAtRiskListed } from '../../shared/events/briefings.ts';
import type { Item } from '../../shared/dynamodb/item.ts';
import { AlertSent, GoalsJobAdvanced, GoalUpdated } from '../../shared/events/goals.ts';
import { copyOf, keyById, type RestatedService, staying, withState } from '../../shared/events/restated.ts';
import { AlertId, GoalId, RequestId } from '../../shared/ids/id.ts';
import { restatedJobs } from '../../shared/jobs/restated.ts';
import { Alert } from './domain/alert.ts';
import { sentOf } from './domain/delivery.ts';
import { cancelGoal, Goal } from './domain/goal.ts';
import { goalsEvents } from './events.ts';
import { QUIET_ITEM } from './store/quiet.ts';
import { alertEntity, goalEntity } from './store/entities.ts';
import { goalsAtRiskEntity } from './store/goals-at-risk.ts';

const goalOf = (item: Item): Goal => z.object({ data: Goal }).parse(item).data;
const alertOf = (item: Item): Alert => z.object({ data: Alert }).parse(item).data;

/**
 * The goal as the backup has it, beside a ledger that stays: what was told of its present measure stays told, and a measure
 * that comes back is a new revision, for the ledger's entries bear the revision's number.
 */
const goalPutBack = (backup: Item, live: Item | undefined): Item => {
  const before = goalOf(backup);
  const now = live && goalOf(live);
  const goal =
    before.revision === now?.revision
      ? { ...before, standing: now.standing, episode: now.episode }
      : { ...before, revision: Math.max(before.revision, now?.revision ?? 0) + 1, episode: 1 };
  return withState(goalEntity, backup, goal);
};

/**
 * A goal made since a backup is cancelled, and no longer watched. The ledger stays: it says which mails went out. The
 * copies of metrics’ buckets stay, and the sequences that guard evaluations only ever rise.
 */
export const restated: RestatedService = {
  service: 'goals',
  events: goalsEvents,
  kinds: [
    {
      type: goalEntity.type,
      keyOf: keyById(GoalId, goalEntity),
      tells: () => GoalUpdated,
      putBack: goalPutBack,
      madeSince: (live) => {
        const goal = goalOf(live);
        return goal.status === 'cancelled' ? live : withState(goalEntity, live, cancelGoal(goal));
      },
    },
    { type: 'watch', madeSince: () => undefined },
    {
      ...staying(alertEntity.type),
      keyOf: keyById(AlertId, alertEntity),
      tells: (item) => {
        const change = sentOf(alertOf(item));
        return change && { contract: AlertSent, change };
      },
    },
    {
      ...staying(goalsAtRiskEntity.type),
      keyOf: keyById(RequestId, goalsAtRiskEntity),
      tells: () => GoalsAtRiskListed,
    },
    staying('scope-sequence'),
    staying(QUIET_ITEM),
    copyOf('bucket'),
    restatedJobs(GoalsJobAdvanced),
    ...restatedDirectory,
  ],
};
