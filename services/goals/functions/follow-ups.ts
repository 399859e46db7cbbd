import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { GoalsJobAdvanced } from '../../../shared/events/goals.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { goalsTable } from '../store.ts';
import { followUps } from '../subscriptions.ts';

const table = goalsTable(process.env);

const carryOnJobs = jobWorker({
  table,
  advanced: GoalsJobAdvanced,
  maxReceiveCount: followUps.maxReceiveCount,
  handlers: [],
});

export const handler = followUpsConsumer(followUps, [followUp(GoalsJobAdvanced, carryOnJobs)]);
