import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { answerExpiresAt } from '../../../shared/events/answer-once.ts';
import { GoalsAtRiskListed } from '../../../shared/events/briefings.ts';
import { RequestId } from '../../../shared/ids/id.ts';

/** What was answered for a meeting, under the request's id. */
export const goalsAtRiskEntity = defineEntity({
  type: 'goals-at-risk',
  schema: GoalsAtRiskListed.data.extend({ id: RequestId }),
  key: (id) => ({ pk: `goals-at-risk#${id}`, sk: 'state' }),
  expiresAt: answerExpiresAt,
});
