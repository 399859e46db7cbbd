import { restatedDirectory } from '../../shared/directory/restated.ts';
import type { Item, Key } from '../../shared/dynamodb/item.ts';
import { KpisMeasured } from '../../shared/events/briefings.ts';
import { MetricsJobAdvanced, MetricsUpdated } from '../../shared/events/metrics.ts';
import { copyOf, keyById, type RestatedService, staying } from '../../shared/events/restated.ts';
import { MetricsSettingsChangeReported } from '../../shared/events/settings-change.ts';
import { RequestId } from '../../shared/ids/id.ts';
import { restatedJobs } from '../../shared/jobs/restated.ts';
import { Day } from '../../shared/time/instant.ts';
import { carriesGoals } from './domain/bucket.ts';
import { ScopeQuery } from './domain/scope.ts';
import { metricsEvents } from './events.ts';
import { addressOf, bucketKey } from './store/keys.ts';
import { settingsReportEntity } from './store/settings-report.ts';
import { kpiAnswersEntity } from './store/kpi-answers.ts';

const addressOfItem = ({ pk, sk }: Item) => addressOf({ pk: String(pk), sk: String(sk) });

/** `bucket:<scope>#<day>#<shard>`, as `bucketSubject` says it. */
const bucketKeyOf = (subject: string): Key | undefined => {
  const [, scopeText, dayText = '', shard] = /^bucket:(.+)#([^#]*)#(\d+)$/.exec(subject) ?? [];
  const scope = ScopeQuery.safeParse(scopeText);
  const day = dayText === '' ? undefined : Day.safeParse(dayText);
  if (!scope.success || day?.success === false) return undefined;
  const { kind: dimension, id: key } = scope.data;
  return bucketKey({ dimension, key, day: day?.data, shard: Number(shard) });
};

/** A bucket without its numbers. */
const emptied = (live: Item): Item => {
  const isNumber = (name: string): boolean => name.startsWith('c.') || name.startsWith('q.');
  return Object.fromEntries(Object.entries(live).filter(([name]) => !isNumber(name)));
};

/**
 * Facts and buckets go back together, for a bucket is the sum of its facts; what was taken in since is to be replayed. A bucket
 * made since is told as empty where goals keep a copy of it.
 */
export const restated: RestatedService = {
  service: 'metrics',
  events: metricsEvents,
  kinds: [
    {
      type: 'fact',
      isCopy: true,
      // Its revision guards its next write; a consumer that had read the other one must not meet the same again.
      putBack: (backup, live) => ({
        ...backup,
        revision: Math.max(Number(backup.revision), Number(live?.revision ?? 0)) + 1,
      }),
      madeSince: () => undefined,
    },
    {
      type: 'bucket',
      compact: true,
      keyOf: bucketKeyOf,
      tells: (item) =>
        carriesGoals(addressOfItem(item).dimension)
          ? { contract: MetricsUpdated, change: { movers: [] } }
          : undefined,
      madeSince: (live) => (carriesGoals(addressOfItem(live).dimension) ? emptied(live) : undefined),
    },
    copyOf('name'),
    {
      // What was answered stays answered.
      ...staying(kpiAnswersEntity.type),
      keyOf: keyById(RequestId, kpiAnswersEntity),
      tells: () => KpisMeasured,
    },
    {
      ...staying(settingsReportEntity.type),
      keyOf: keyById(RequestId, settingsReportEntity),
      tells: () => MetricsSettingsChangeReported,
    },
    restatedJobs(MetricsJobAdvanced),
    ...restatedDirectory,
  ],
};
