import { relay } from '../../../shared/events/relay-function.ts';
import { metricsEvents } from '../events.ts';
import { mergedBucketEvents } from '../store/bucket-event.ts';

export const handler = relay({ ...metricsEvents, coalesce: mergedBucketEvents });
