import type * as z from 'zod';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { KpisMeasured } from '../../../shared/events/briefings.ts';
import { RequestId } from '../../../shared/ids/id.ts';

const KEPT_SECONDS = 30 * 86_400;

/** What was answered to a request, under the request's id: whoever asks twice is told nothing new. */
export const KpiAnswers = KpisMeasured.data.extend({ id: RequestId });
export type KpiAnswers = z.infer<typeof KpiAnswers>;

export const kpiAnswersEntity = defineEntity<KpiAnswers>({
  type: 'kpi-answer',
  schema: KpiAnswers,
  key: (id) => ({ pk: `kpi-answer#${id}`, sk: 'state' }),
  expiresAt: ({ asOf }) => Math.floor(Date.parse(asOf) / 1000) + KEPT_SECONDS,
});
