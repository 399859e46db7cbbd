import {
  AccountChanged,
  dealEvents,
  DeliveryReceived,
  FxRatesSet,
  ImportAdvanced,
  orderEvents,
  ProductChanged,
} from '../../../shared/events/deals.ts';
import { relay } from '../../../shared/events/relay-function.ts';
import { eventData } from '../event-data.ts';

export const handler = relay({
  contracts: [
    ...dealEvents,
    ...orderEvents,
    AccountChanged,
    ProductChanged,
    FxRatesSet,
    DeliveryReceived,
    ImportAdvanced,
  ],
  project: eventData,
});
