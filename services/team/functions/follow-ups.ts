import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { TeamJobAdvanced } from '../../../shared/events/team.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { teamTable } from '../store.ts';
import { followUps } from '../subscriptions.ts';

const table = teamTable(process.env);

const carryOnJobs = jobWorker({
  table,
  advanced: TeamJobAdvanced,
  maxReceiveCount: followUps.maxReceiveCount,
  handlers: [],
});

export const handler = followUpsConsumer(followUps, [followUp(TeamJobAdvanced, carryOnJobs)]);
