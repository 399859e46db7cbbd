import { Directory } from '../../../shared/directory/directory.ts';
import { KpisRequested } from '../../../shared/events/briefings.ts';
import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { MetricsJobAdvanced } from '../../../shared/events/metrics.ts';
import { MetricsPersonalDataHandled, PersonalDataRequested } from '../../../shared/events/privacy.ts';
import { SettingsChangeRequested } from '../../../shared/events/settings-change.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { directoryHoldings } from '../../../shared/privacy/directory-holdings.ts';
import { PersonFiles } from '../../../shared/privacy/person-files.ts';
import { personalDataHandler, startPersonalData } from '../../../shared/privacy/personal-data-job.ts';
import { answeringKpis } from '../briefings/answer-kpis.ts';
import { keepingNewSettings } from '../settings/keep-new-settings.ts';
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

const personalData = personalDataHandler({
  service: 'metrics',
  table,
  files: PersonFiles.of(process.env),
  holdings: directoryHoldings(directory),
  handled: MetricsPersonalDataHandled,
});

const carryOnJobs = jobWorker({
  table,
  advanced: MetricsJobAdvanced,
  maxReceiveCount: followUps.maxReceiveCount,
  handlers: [personalData],
});

export const handler = followUpsConsumer(followUps, [
  followUp(MetricsJobAdvanced, carryOnJobs),
  followUp(PersonalDataRequested, async (message) =>
    startPersonalData({ table, advanced: MetricsJobAdvanced }, message),
  ),
  followUp(KpisRequested, answerKpis),
  followUp(SettingsChangeRequested, keepingNewSettings(table)),
]);
