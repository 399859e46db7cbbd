import { GoalsAtRiskListed, KpisMeasured, RottingDealsListed } from '../../../shared/events/briefings.ts';
import { exportJob } from '../../../shared/exports/job.ts';
import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { DayBegan, TeamJobAdvanced } from '../../../shared/events/team.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { askingDaily } from '../briefings/daily-questions.ts';
import { takingGoalsAtRisk, takingRottingDeals } from '../briefings/meeting-agenda.ts';
import { takingKpis } from '../briefings/take-kpis.ts';
import { PersonFiles } from '../../../shared/privacy/person-files.ts';
import { personalDataHandler } from '../../../shared/privacy/personal-data-job.ts';
import { TeamPersonalDataHandled } from '../../../shared/events/privacy.ts';
import { personalDataFollowUps } from '../privacy/follow-ups.ts';
import { teamHoldings } from '../privacy/holdings.ts';
import { settingsFollowUps } from '../settings-reports.ts';
import { signInFollowUps } from '../sign-in/follow-ups.ts';
import { memberExportHandler } from '../exports/member-export.ts';
import { teamImports, teamTable } from '../store.ts';
import { followUps } from '../subscriptions.ts';

const table = teamTable(process.env);

const personalData = personalDataHandler({
  service: 'team',
  table,
  files: PersonFiles.of(process.env),
  folders: ['imports', 'parked', 'downloads'],
  holdings: teamHoldings(table),
  handled: TeamPersonalDataHandled,
});

const carryOnJobs = jobWorker({
  table,
  advanced: TeamJobAdvanced,
  maxReceiveCount: followUps.maxReceiveCount,
  handlers: [personalData, exportJob(teamImports(process.env, table), memberExportHandler(table))],
});

export const handler = followUpsConsumer(followUps, [
  followUp(TeamJobAdvanced, carryOnJobs),
  followUp(DayBegan, askingDaily(table)),
  followUp(KpisMeasured, takingKpis(table)),
  followUp(GoalsAtRiskListed, takingGoalsAtRisk(table)),
  followUp(RottingDealsListed, takingRottingDeals(table)),
  ...settingsFollowUps(table),
  ...personalDataFollowUps(table),
  ...signInFollowUps(process.env, table),
]);
