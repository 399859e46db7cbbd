import { Directory } from '../../../shared/directory/directory.ts';
import { KpisRequested } from '../../../shared/events/briefings.ts';
import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { answeringKpis } from '../briefings/answer-kpis.ts';
import { Buckets } from '../store/buckets.ts';
import { metricsTable } from '../store/table.ts';
import { followUps } from '../subscriptions.ts';

const table = metricsTable(process.env);
const directory = new Directory(table);

const answerKpis = answeringKpis({
  table,
  buckets: new Buckets(table),
  currency: async () => (await directory.organization()).reportingCurrency,
});

export const handler = followUpsConsumer(followUps, [followUp(KpisRequested, answerKpis)]);
