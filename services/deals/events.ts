import { activityEvents } from '../../shared/events/activities.ts';
import { CustomerFirstPurchased } from '../../shared/events/customers.ts';
import { PeriodLocked } from '../../shared/events/books.ts';
import { AccountMergeUndone, AccountsMerged } from '../../shared/events/accounts.ts';
import { FeedbackInvited, FeedbackReceived } from '../../shared/events/feedback.ts';
import { TrafficRecorded } from '../../shared/events/traffic.ts';
import { RottingDealsListed } from '../../shared/events/briefings.ts';
import {
  AccountChanged,
  DealsJobAdvanced,
  dealEvents,
  DeliveryReceived,
  FxRatesSet,
  ImportAdvanced,
  orderEvents,
  ProductChanged,
  StoreChanged,
} from '../../shared/events/deals.ts';
import { PipelineChanged } from '../../shared/events/pipelines.ts';
import { ContactChanged, leadEvents } from '../../shared/events/leads.ts';
import { DealsSettingsChangeReported } from '../../shared/events/settings-change.ts';
import { DealsPersonalDataHandled } from '../../shared/events/privacy.ts';
import { StoreSilenceChanged } from '../../shared/events/stores.ts';
import type { EventMapping } from '../../shared/events/stream-record.ts';
import { eventData } from './event-data.ts';

/** What the relay publishes, and how it is filled from the items. */
export const dealsEvents: EventMapping = {
  contracts: [
    ...dealEvents,
    ...orderEvents,
    ...activityEvents,
    TrafficRecorded,
    FeedbackReceived,
    FeedbackInvited,
    CustomerFirstPurchased,
    AccountChanged,
    ContactChanged,
    PipelineChanged,
    AccountsMerged,
    AccountMergeUndone,
    ...leadEvents,
    ProductChanged,
    StoreChanged,
    StoreSilenceChanged,
    FxRatesSet,
    PeriodLocked,
    DeliveryReceived,
    ImportAdvanced,
    DealsJobAdvanced,
    RottingDealsListed,
    DealsPersonalDataHandled,
    DealsSettingsChangeReported,
  ],
  project: eventData,
};
