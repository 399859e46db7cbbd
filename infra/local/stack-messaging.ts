import * as z from 'zod';
import { nameIn } from './local-names.ts';
import { reader } from './read-properties.ts';
import { NotRunLocally } from './not-run-locally.ts';
import type { Resource, Template } from './template.ts';

export interface QueueSpec {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly deadLetterQueue?: string;
  readonly maxReceiveCount: number;
}

export interface RuleSpec {
  readonly name: string;
  readonly bus: string;
  readonly pattern: unknown;
  readonly targetQueues: readonly string[];
}

export interface ArchiveSpec {
  readonly name: string;
  readonly bus: string;
  /** Which events it keeps; all of the bus when absent. */
  readonly pattern?: unknown;
  /** 0: for good. */
  readonly retentionDays: number;
}

const RedrivePolicy = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() });

const readQueue = reader(
  'AWS::SQS::Queue',
  { VisibilityTimeout: z.coerce.number().default(30), RedrivePolicy: RedrivePolicy.optional() },
  [
    'QueueName',
    'KmsMasterKeyId',
    'MessageRetentionPeriod',
    'RedriveAllowPolicy',
    'SqsManagedSseEnabled',
    'ReceiveMessageWaitTimeSeconds',
    'Tags',
  ],
);

const readBus = reader('AWS::Events::EventBus', {}, [
  'Name',
  'Description',
  'DeadLetterConfig',
  'KmsKeyIdentifier',
  'LogConfig',
  'Policy',
  'Tags',
]);

const readRule = reader(
  'AWS::Events::Rule',
  {
    EventBusName: z.string().default('default'),
    EventPattern: z.unknown(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z.array(
      z.strictObject({
        Arn: z.string(),
        Id: z.string(),
        DeadLetterConfig: z.unknown().optional(),
        RetryPolicy: z.unknown().optional(),
      }),
    ),
  },
  ['Name', 'Description', 'RoleArn', 'Tags'],
);

const readArchive = reader(
  'AWS::Events::Archive',
  {
    SourceArn: z.string(),
    EventPattern: z.unknown(),
    RetentionDays: z.coerce.number().default(0),
  },
  ['ArchiveName', 'Description', 'KmsKeyIdentifier'],
);

/** Of new objects, S3 tells the account's own bus; nothing else is told locally. */
const TellsBus = z.strictObject({
  EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: z.literal(true) }),
});

const readBucket = reader('AWS::S3::Bucket', { NotificationConfiguration: TellsBus.optional() }, [
  'BucketName',
  'AccessControl',
  'BucketEncryption',
  'CorsConfiguration',
  'LifecycleConfiguration',
  'LoggingConfiguration',
  'ObjectLockEnabled',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
  'VersioningConfiguration',
]);

export const readMessaging = (resources: readonly Resource[], template: Template) => {
  const queues = readQueue(resources).map(({ id, properties }): QueueSpec => ({
    name: template.nameOf(id),
    visibilityTimeoutSeconds: properties.VisibilityTimeout,
    maxReceiveCount: properties.RedrivePolicy?.maxReceiveCount ?? Number.MAX_SAFE_INTEGER,
    ...(properties.RedrivePolicy === undefined
      ? {}
      : { deadLetterQueue: nameIn(properties.RedrivePolicy.deadLetterTargetArn) }),
  }));
  const rules = readRule(resources).flatMap(({ id, properties }): RuleSpec[] => {
    if (properties.State === 'DISABLED') return [];
    const foreign = properties.Targets.find(({ Arn }) => !Arn.startsWith('arn:aws:sqs:'));
    if (foreign !== undefined)
      throw new NotRunLocally(`AWS::Events::Rule ${id}: targets are queues locally, not ${foreign.Arn}`);
    return [
      {
        name: template.nameOf(id),
        bus: nameIn(properties.EventBusName),
        pattern: properties.EventPattern,
        targetQueues: properties.Targets.map(({ Arn }) => nameIn(Arn)),
      },
    ];
  });
  const archives = readArchive(resources).map(({ id, properties }): ArchiveSpec => ({
    name: template.nameOf(id),
    bus: nameIn(properties.SourceArn),
    pattern: properties.EventPattern,
    retentionDays: properties.RetentionDays,
  }));
  return {
    queues,
    rules,
    archives,
    buses: readBus(resources).map(({ id }) => template.nameOf(id)),
    buckets: readBucket(resources).map(({ id }) => template.nameOf(id)),
    tellingBuckets: readBucket(resources).flatMap(({ id, properties }) =>
      properties.NotificationConfiguration === undefined ? [] : [template.nameOf(id)],
    ),
  };
};
