import { AgendaRequested } from '../../../shared/events/briefings.ts';
import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { GoalsJobAdvanced } from '../../../shared/events/goals.ts';
import {
  GoalsSettingsChangeReported,
  SettingsChangeRequested,
} from '../../../shared/events/settings-change.ts';
import { GoalsPersonalDataHandled, PersonalDataRequested } from '../../../shared/events/privacy.ts';
import { PersonFiles } from '../../../shared/privacy/person-files.ts';
import { personalDataHandler, startPersonalData } from '../../../shared/privacy/personal-data-job.ts';
import { goalsHoldings } from '../personal-data.ts';
import { MemberDeparted } from '../../../shared/events/team.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { startHandOver } from '../../../shared/hand-over/job.ts';
import { systemClock } from '../../../shared/time/instant.ts';
import { listingGoalsAtRisk } from '../briefings/list-goals-at-risk.ts';
import { handOver } from '../follow-ups/hand-over.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { startSettingsChange } from '../../../shared/settings-change/job.ts';
import { goalsSettingsChange } from '../settings/phases.ts';
import { goalsTable } from '../store.ts';
import { followUps } from '../subscriptions.ts';

const table = goalsTable(process.env);

const personalData = personalDataHandler({
  service: 'goals',
  table,
  files: PersonFiles.of(process.env),
  holdings: goalsHoldings(table),
  handled: GoalsPersonalDataHandled,
});

const carryOnJobs = jobWorker({
  table,
  advanced: GoalsJobAdvanced,
  maxReceiveCount: followUps.maxReceiveCount,
  handlers: [handOver({ table, directory: new Directory(table) }), personalData, goalsSettingsChange(table)],
});

export const handler = followUpsConsumer(followUps, [
  followUp(GoalsJobAdvanced, carryOnJobs),
  followUp(AgendaRequested, listingGoalsAtRisk({ table, directory: new Directory(table) })),
  followUp(MemberDeparted, startHandOver({ table, advanced: GoalsJobAdvanced, clock: systemClock })),
  followUp(PersonalDataRequested, async (message) =>
    startPersonalData({ table, advanced: GoalsJobAdvanced }, message),
  ),
  followUp(
    SettingsChangeRequested,
    startSettingsChange({ table, advanced: GoalsJobAdvanced, reported: GoalsSettingsChangeReported }),
  ),
]);
