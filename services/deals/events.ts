import {
  AccountChanged,
  DealsJobAdvanced,
  dealEvents,
  DeliveryReceived,
  FxRatesSet,
  ImportAdvanced,
  orderEvents,
  ProductChanged,
} from '../../shared/events/deals.ts';
import type { EventMapping } from '../../shared/events/stream-record.ts';
import { eventData } from './event-data.ts';

/** What the relay publishes, and how it is filled from the items. */
export const dealsEvents: EventMapping = {
  contracts: [
    ...dealEvents,
    ...orderEvents,
    AccountChanged,
    ProductChanged,
    FxRatesSet,
    DeliveryReceived,
    ImportAdvanced,
    DealsJobAdvanced,
  ],
  project: eventData,
};
