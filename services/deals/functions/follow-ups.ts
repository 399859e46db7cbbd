import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { dealsTable } from '../store.ts';
import { followUps } from '../subscriptions.ts';

const table = dealsTable(process.env);

const carryOnJobs = jobWorker({
  table,
  advanced: DealsJobAdvanced,
  maxReceiveCount: followUps.maxReceiveCount,
  handlers: [],
});

export const handler = followUpsConsumer(followUps, [followUp(DealsJobAdvanced, carryOnJobs)]);
