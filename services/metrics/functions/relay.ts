import { MetricsUpdated } from '../../../shared/events/metrics.ts';
import { relay } from '../../../shared/events/relay-function.ts';
import { bucketStateOf, bucketSubject, mergedBucketEvents } from '../store/bucket-event.ts';

export const handler = relay({
  contracts: [MetricsUpdated],
  project: bucketStateOf,
  subject: bucketSubject,
  coalesce: mergedBucketEvents,
});
