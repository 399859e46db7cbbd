import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { askKpis } from '../briefings/ask-kpis.ts';
import { type EffectPart, effectWindow } from '../domain/coaching.ts';
import type { AssignmentState } from '../domain/training.ts';
import { effectKpis, effectRequestId } from '../domain/training-effect.ts';
import { assignmentEntity } from './training-entities.ts';

/** Marks of completed assignments whose days after are not over yet, by the day when they are. */
export const TRAINING_EFFECT_DUE = 'training-effect-due';

type Completed = Pick<AssignmentState, 'id' | 'memberId'> & { readonly completedOn: Day };

/** The question how the member did in the days before the completion, or from it on. */
export const askEffect = ({ id, memberId, completedOn }: Completed, part: EffectPart): OutboxEvent =>
  askKpis({
    id: effectRequestId(id, part),
    scope: `rep:${memberId}`,
    kpis: [...effectKpis],
    ...effectWindow(completedOn, part),
    purpose: { kind: 'training', id, part },
  });

/** To be put before the completion is written: a mark without it does no harm, and it would be forgotten without its mark. */
export const markEffectDue = async (table: Table, { id, completedOn }: Completed): Promise<void> =>
  table.put({
    pk: TRAINING_EFFECT_DUE,
    sk: `${effectWindow(completedOn, 'after').to}#${id}`,
    type: TRAINING_EFFECT_DUE,
    assignmentId: id,
  });

const isCompleted = (
  assignment: Stored<AssignmentState> | undefined,
): assignment is Stored<AssignmentState> & Completed => assignment?.completedOn !== undefined;

/** Asks for the days after, where they are over by `today`, a few at a time. Answers how many were looked at. */
export const askDueEffects = async (table: Table, cause: Cause, today: Day, limit = 25): Promise<number> => {
  const assignments = new Repository(table, assignmentEntity, cause);
  const { items } = await table.query({ pk: TRAINING_EFFECT_DUE, skTo: `${today}#~`, limit });
  for (const { pk, sk, assignmentId } of items) {
    const assignment = await assignments.find(String(assignmentId));
    if (isCompleted(assignment) && assignment.effect?.after === undefined)
      await assignments.save(assignment, askEffect(assignment, 'after'));
    await table.transact([{ remove: { pk: String(pk), sk: String(sk) } }]);
  }
  return items.length;
};
