import { ActivityChanged, ActivityLogged } from '../../../shared/events/activities.ts';
import { AgendaRequested } from '../../../shared/events/briefings.ts';
import { followUp, followUpsConsumer } from '../../../shared/events/follow-ups.ts';
import { DealsJobAdvanced, FxRatesSet } from '../../../shared/events/deals.ts';
import {
  DealsSettingsChangeReported,
  SettingsChangeRequested,
} from '../../../shared/events/settings-change.ts';
import { DayBegan, MemberDeparted, MemberTransferred } from '../../../shared/events/team.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { startHandOver } from '../../../shared/hand-over/job.ts';
import { systemClock } from '../../../shared/time/instant.ts';
import { mergeAccounts } from '../accounts/merge/merge-job.ts';
import { followDayForMerges, sweepMerges } from '../accounts/merge/sweep-job.ts';
import { undoMerge } from '../accounts/merge/undo-job.ts';
import { followDayForAccounts, tendAccounts } from '../accounts/tend-accounts.ts';
import { assignAccounts } from '../assignment/assign-accounts.ts';
import { Orders } from '../commerce/orders.ts';
import { PlatformApis } from '../commerce/platform-api/platform-apis.ts';
import { reconcileStore } from '../commerce/reconcile-store.ts';
import { replayDeliveries } from '../commerce/replay-deliveries.ts';
import { StoreSecrets } from '../commerce/store-secrets.ts';
import { listingRottingDeals } from '../briefings/list-rotting-deals.ts';
import { customerOrders } from '../commerce/customer-orders.ts';
import { handOver } from '../follow-ups/hand-over.ts';
import { followActivity } from '../follow-ups/movements.ts';
import { migratePipeline } from '../pipelines/migrate-pipeline.ts';
import { reattribute } from '../follow-ups/reattribute.ts';
import { followDayForRates, revalueOpen } from '../follow-ups/revalue-open.ts';
import { followDayForAwaiting, followRates, settleAwaiting } from '../follow-ups/settle-awaiting.ts';
import { followDay, followTransfer } from '../follow-ups/transfers.ts';
import { DealsPersonalDataHandled, PersonalDataRequested } from '../../../shared/events/privacy.ts';
import { PersonFiles } from '../../../shared/privacy/person-files.ts';
import { personalDataHandler, startPersonalData } from '../../../shared/privacy/personal-data-job.ts';
import { dealsHoldings } from '../personal-data.ts';
import { jobWorker } from '../../../shared/jobs/worker.ts';
import { startSettingsChange } from '../../../shared/settings-change/job.ts';
import { dealsSettingsChange } from '../settings/phases.ts';
import { exportJob } from '../../../shared/exports/job.ts';
import { exportHandlers } from '../exports/handlers.ts';
import { dealsImports, dealsTable } from '../store.ts';
import { transferDeals } from '../transfers/transfer-deals.ts';
import { followUps } from '../subscriptions.ts';

const table = dealsTable(process.env);
const directory = new Directory(table);
const secrets = StoreSecrets.of(process.env);

const personalData = personalDataHandler({
  service: 'deals',
  table,
  files: PersonFiles.of(process.env),
  folders: ['imports', 'parked', 'deliveries', 'downloads'],
  holdings: dealsHoldings(table),
  handled: DealsPersonalDataHandled,
});

const carryOnJobs = jobWorker({
  table,
  advanced: DealsJobAdvanced,
  maxReceiveCount: followUps.maxReceiveCount,
  handlers: [
    personalData,
    handOver({ table, directory }),
    reattribute({ table, directory }),
    settleAwaiting({ table, directory }),
    revalueOpen({ table, directory }),
    dealsSettingsChange(table),
    assignAccounts(table),
    ...exportHandlers(table).map((each) => exportJob(dealsImports(process.env, table), each)),
    migratePipeline({ table, directory }),
    mergeAccounts({ table, directory }),
    tendAccounts({ table, directory }),
    undoMerge({ table, directory }),
    sweepMerges({ table, directory }),
    transferDeals({ table, directory }),
    customerOrders({ table, directory }),
    replayDeliveries(table),
    reconcileStore({
      table,
      apis: new PlatformApis({ secrets, clock: systemClock }),
      ordersFor: (cause) => new Orders({ table, directory, cause }),
    }),
  ],
});

export const handler = followUpsConsumer(followUps, [
  followUp(DealsJobAdvanced, carryOnJobs),
  followUp(ActivityLogged, followActivity(table)),
  followUp(ActivityChanged, followActivity(table)),
  followUp(AgendaRequested, listingRottingDeals({ table, directory })),
  followUp(PersonalDataRequested, async (message) =>
    startPersonalData({ table, advanced: DealsJobAdvanced }, message),
  ),
  followUp(MemberDeparted, startHandOver({ table, advanced: DealsJobAdvanced, clock: systemClock })),
  followUp(MemberTransferred, followTransfer({ table, directory, clock: systemClock })),
  followUp(DayBegan, followDay({ table, directory, clock: systemClock })),
  followUp(DayBegan, followDayForAccounts({ table, clock: systemClock })),
  followUp(DayBegan, followDayForMerges({ table, clock: systemClock })),
  followUp(DayBegan, followDayForRates({ table, clock: systemClock })),
  followUp(DayBegan, followDayForAwaiting({ table, clock: systemClock })),
  followUp(FxRatesSet, followRates({ table, clock: systemClock })),
  followUp(
    SettingsChangeRequested,
    startSettingsChange({ table, advanced: DealsJobAdvanced, reported: DealsSettingsChangeReported }),
  ),
]);
