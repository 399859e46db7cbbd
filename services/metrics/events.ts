import { MetricsUpdated } from '../../shared/events/metrics.ts';
import type { EventMapping } from '../../shared/events/stream-record.ts';
import { bucketStateOf, bucketSubject } from './store/bucket-event.ts';

/** What the relay publishes, and how it is filled from the items. */
export const metricsEvents: EventMapping = {
  contracts: [MetricsUpdated],
  project: bucketStateOf,
  subject: bucketSubject,
};
