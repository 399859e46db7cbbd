import { KpisMeasured } from '../../shared/events/briefings.ts';
import { MetricsJobAdvanced, MetricsUpdated } from '../../shared/events/metrics.ts';
import { MetricsPersonalDataHandled } from '../../shared/events/privacy.ts';
import { MetricsSettingsChangeReported } from '../../shared/events/settings-change.ts';
import type { EventMapping } from '../../shared/events/stream-record.ts';
import { bucketStateOf, bucketSubject } from './store/bucket-event.ts';

const isOfBucket = (type: string): boolean => type === MetricsUpdated.detailType;

/** What the relay publishes, and how it is filled from the items: buckets have a form of their own. */
export const metricsEvents: EventMapping = {
  contracts: [
    MetricsUpdated,
    KpisMeasured,
    MetricsSettingsChangeReported,
    MetricsJobAdvanced,
    MetricsPersonalDataHandled,
  ],
  project: (projection) =>
    isOfBucket(projection.entry.type)
      ? bucketStateOf(projection)
      : { ...projection.data, ...projection.entry.change },
  subject: (projection) =>
    isOfBucket(projection.entry.type) ? bucketSubject(projection) : String(projection.data.id),
};
