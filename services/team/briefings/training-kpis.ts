import { Repository } from '../../../shared/dynamodb/repository.ts';
import { TrainingAssignmentChanged } from '../../../shared/events/people.ts';
import { EffectPart } from '../domain/coaching.ts';
import { assignmentEntity } from '../store/training-entities.ts';
import { keepAnswer } from './keep-answer.ts';
import type { TakeKpis } from './taker.ts';

/** Keeps how the member did before the completion, and after it. */
export const takeTrainingKpis: TakeKpis = async ({ purpose, asOf, kpis }, { table, cause }) => {
  const part = EffectPart.parse(purpose.part);
  return keepAnswer(
    new Repository(table, assignmentEntity, cause),
    purpose.id,
    (assignment) =>
      assignment.effect?.[part] === undefined
        ? { ...assignment, effect: { ...assignment.effect, [part]: { asOf, kpis } } }
        : 'duplicate',
    TrainingAssignmentChanged,
  );
};
