import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { answerExpiresAt } from '../../../shared/events/answer-once.ts';
import { RottingDealsListed } from '../../../shared/events/briefings.ts';
import { RequestId } from '../../../shared/ids/id.ts';

/** What was answered for a meeting, under the request's id. */
export const rottingDealsEntity = defineEntity({
  type: 'rotting-deals',
  schema: RottingDealsListed.data.extend({ id: RequestId }),
  key: (id) => ({ pk: `rotting-deals#${id}`, sk: 'state' }),
  expiresAt: answerExpiresAt,
});
