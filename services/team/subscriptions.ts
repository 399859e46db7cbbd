import { GoalsAtRiskListed, KpisMeasured, RottingDealsListed } from '../../shared/events/briefings.ts';
import { followUpsSubscription } from '../../shared/events/follow-ups.ts';
import {
  DayBegan,
  MemberAdded,
  MemberDeparted,
  MemberTransferred,
  MemberUpdated,
  TeamImportAdvanced,
  TeamJobAdvanced,
} from '../../shared/events/team.ts';
import { subscription } from '../../shared/events/subscription.ts';
import { importsSubscription } from '../../shared/imports/subscription.ts';
import { personalDataHandled } from './privacy/follow-ups.ts';
import { settingsReported } from './settings-reports.ts';
import { audited } from './audit/audited.ts';

/** Members' imports, a page at a time. */
export const imports = importsSubscription('team', TeamImportAdvanced);

/** What follows from events: users of members, answers of other services, jobs. */
export const followUps = followUpsSubscription('team', [
  TeamJobAdvanced,
  DayBegan,
  KpisMeasured,
  GoalsAtRiskListed,
  RottingDealsListed,
  ...settingsReported,
  ...personalDataHandled,
  MemberAdded,
  MemberUpdated,
  MemberTransferred,
  MemberDeparted,
]);

/** Every change that any service tells. Large batches: an import’s rows are written together, and archived as one file. */
export const audit = subscription({
  service: 'team',
  name: 'audit',
  function: 'audit',
  contracts: audited,
  batchSize: 500,
  batchWindowSeconds: 1,
});
