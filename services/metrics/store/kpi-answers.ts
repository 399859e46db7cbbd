import type * as z from 'zod';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { answerExpiresAt } from '../../../shared/events/answer-once.ts';
import { KpisMeasured } from '../../../shared/events/briefings.ts';
import { RequestId } from '../../../shared/ids/id.ts';

/** What was answered to a request, under the request's id. */
export const KpiAnswers = KpisMeasured.data.extend({ id: RequestId });
export type KpiAnswers = z.infer<typeof KpiAnswers>;

export const kpiAnswersEntity = defineEntity<KpiAnswers>({
  type: 'kpi-answer',
  schema: KpiAnswers,
  key: (id) => ({ pk: `kpi-answer#${id}`, sk: 'state' }),
  expiresAt: answerExpiresAt,
});
