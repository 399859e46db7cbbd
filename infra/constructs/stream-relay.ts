import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { counted } from './counted.ts';
import type { EventBus } from './event-bus.ts';
import type { OwnedTable } from './owned-table.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Storage } from './storage.ts';

/** Shorter than the day that a stream keeps its records, so that a batch reaches its failure file before they are gone. */
const MAX_RECORD_AGE = Duration.hours(22);

interface StreamRelayProps {
  readonly service: string;
  readonly table: OwnedTable;
  readonly relay: ServiceFunction;
  readonly bus: EventBus;
  readonly storage: Storage;
  readonly alarms: Alarms;
}

/**
 * Carries the events of a table's writes to the bus, in order per item. A failing batch is retried from the failed
 * record on, never split or passed by, until the records are nearly a day old; then it is kept whole in S3.
 */
export class StreamRelay extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { service, table, relay, bus, storage, alarms }: StreamRelayProps,
  ) {
    super(scope, id);
    const stream = table.table.tableStreamArn;
    if (stream === undefined) throw new Error(`The table of ${service} has no stream to relay`);

    relay.may(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [stream]);
    relay.mayWithin('streamNames', ['dynamodb:ListStreams'], '*');
    bus.allowPublishing(relay);
    storage.allowParking(relay, service);
    storage.allowFailedBatches(relay);

    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: relay.lambda,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      // The more lie in one batch, the more versions of one bucket go out as one event; a quiet stream waits for none.
      batchSize: 500,
      parallelizationFactor: 1,
      bisectBatchOnError: false,
      reportBatchItemFailures: true,
      retryAttempts: -1,
      maxRecordAge: MAX_RECORD_AGE,
      filters: [
        // Only writes that cause events; everything else is not worth an invocation.
        FilterCriteria.filter({ dynamodb: { NewImage: { outboxId: { S: FilterRule.exists() } } } }),
      ],
      onFailure: { bind: () => ({ destination: storage.bucket.bucketArn }) },
    });
    // The mapping is refused while its role can't read the stream or write the destination yet.
    mapping.node.addDependency(relay.lambda);

    alarms.raise(this, 'Lag', {
      name: `${service}-relay-lag`,
      says: `Events of ${service} have been waiting over a minute to reach the bus. Look into the relay’s log.`,
      runbook: 'relay-lag',
      metric: relay.lambda.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }),
      above: Duration.minutes(1).toMilliseconds(),
      periods: 3,
    });
    alarms.raise(this, 'Parked', {
      name: `${service}-parked`,
      says: `The relay of ${service} passed by an event that can never be published. It lies in S3 under parked/${service}/.`,
      runbook: 'parked',
      metric: counted('ParkedRecords', service),
      above: 0,
    });
  }
}
