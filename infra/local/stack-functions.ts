import * as z from 'zod';
import { reader } from './read-properties.ts';
import { ACCOUNT, mappingUuid, nameIn, REGION } from './local-names.ts';
import { NotRunLocally } from './not-run-locally.ts';
import type { Resource, Template } from './template.ts';

export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** Short name for logs: without the stack's prefix. */
  readonly label: string;
  readonly assetFolder: string;
  /** File of the bundle, `index.mjs`, and the name it exports the handler by. */
  readonly module: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency?: number;
}

export interface MappingSpec {
  readonly id: string;
  /** Lambda's name of the mapping. */
  readonly uuid: string;
  /** The queue or stream that is read. */
  readonly sourceArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly reportsFailures: boolean;
  readonly region: string;
}

export interface QueueMappingSpec extends MappingSpec {
  readonly queue: string;
  readonly batchWindowSeconds: number;
  readonly maxConcurrency: number;
}

export interface StreamMappingSpec extends MappingSpec {
  readonly tableName: string;
  /** Event patterns; a record that matches none is passed by. */
  readonly filters: readonly unknown[];
  /** Retries after the first attempt; without a limit when absent. */
  readonly maxAttempts?: number;
  readonly maxAgeSeconds?: number;
  readonly failureBucket?: string;
}

const readFunction = reader(
  'AWS::Lambda::Function',
  {
    Code: z.object({ S3Key: z.string().optional(), S3Bucket: z.string().optional() }),
    Handler: z.string(),
    Runtime: z.string(),
    Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()) }).optional(),
    Timeout: z.coerce.number().default(3),
    MemorySize: z.coerce.number().default(128),
    ReservedConcurrentExecutions: z.coerce.number().optional(),
    PackageType: z.literal('Zip').optional(),
  },
  [
    'FunctionName',
    'Architectures',
    'DeadLetterConfig',
    'Description',
    'EphemeralStorage',
    'LoggingConfig',
    'RecursiveLoop',
    'Role',
    'SnapStart',
    'Tags',
    'TracingConfig',
  ],
);

/** A bundle has one extension or the other; Lambda looks for both. */
const MODULE_EXTENSION = '.mjs';

export const readFunctions = (resources: readonly Resource[], template: Template): readonly FunctionSpec[] =>
  readFunction(resources).flatMap(({ id, properties }) => {
    const { Code, Handler, Environment, Timeout, MemorySize, ReservedConcurrentExecutions } = properties;
    // Providers of custom resources serve the deployment alone.
    if (id.startsWith('Custom')) return [];
    if (Code.S3Key === undefined)
      throw new NotRunLocally(`AWS::Lambda::Function ${id}: only code from an asset runs locally`);
    const [file, handler] = Handler.split('.');
    if (file === undefined || handler === undefined)
      throw new NotRunLocally(`AWS::Lambda::Function ${id}: handler ${Handler}`);
    const name = template.nameOf(id);
    return {
      name,
      arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
      label: name.replace(/^quotaline-[^-]+-/, ''),
      assetFolder: template.assetFolder(Code.S3Key),
      module: `${file}${MODULE_EXTENSION}`,
      handler,
      environment: Environment?.Variables ?? {},
      timeoutSeconds: Timeout,
      memoryMb: MemorySize,
      ...(ReservedConcurrentExecutions === undefined
        ? {}
        : { reservedConcurrency: ReservedConcurrentExecutions }),
    };
  });

const readMapping = reader(
  'AWS::Lambda::EventSourceMapping',
  {
    EventSourceArn: z.string(),
    FunctionName: z.string(),
    BatchSize: z.coerce.number().optional(),
    MaximumBatchingWindowInSeconds: z.coerce.number().default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number() }).optional(),
    FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
    MaximumRetryAttempts: z.coerce.number().default(-1),
    MaximumRecordAgeInSeconds: z.coerce.number().default(-1),
    DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
    Enabled: z.literal(true).optional(),
    StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  },
  // Halving a failed batch and parallel shards change how fast records go through, not which and in which order per item.
  [
    'BisectBatchOnFunctionError',
    'KmsKeyArn',
    'LoggingConfig',
    'MetricsConfig',
    'ParallelizationFactor',
    'Tags',
  ],
);

export const readMappings = (
  resources: readonly Resource[],
): {
  readonly queueMappings: readonly QueueMappingSpec[];
  readonly streamMappings: readonly StreamMappingSpec[];
} => {
  const queueMappings: QueueMappingSpec[] = [];
  const streamMappings: StreamMappingSpec[] = [];
  for (const { id, properties } of readMapping(resources)) {
    const source = properties.EventSourceArn;
    const mapping = {
      id,
      uuid: mappingUuid(nameIn(properties.FunctionName), source),
      sourceArn: source,
      functionName: nameIn(properties.FunctionName),
      reportsFailures: properties.FunctionResponseTypes.length > 0,
      region: REGION,
    };
    if (source.startsWith('arn:aws:sqs:')) {
      if (properties.FilterCriteria !== undefined)
        throw new NotRunLocally(`${id}: filters on queues do not run locally`);
      queueMappings.push({
        ...mapping,
        queue: nameIn(source),
        batchSize: properties.BatchSize ?? 10,
        batchWindowSeconds: properties.MaximumBatchingWindowInSeconds,
        maxConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? 5,
      });
      continue;
    }
    const table = /:table\/([^/]+)\/stream\//.exec(source)?.[1];
    if (table === undefined)
      throw new NotRunLocally(`${id}: the local run reads queues and table streams, not ${source}`);
    const destination = properties.DestinationConfig?.OnFailure.Destination;
    if (destination !== undefined && !destination.startsWith('arn:aws:s3:')) {
      throw new NotRunLocally(`${id}: a stream's failures go to a bucket, not to ${destination}`);
    }
    streamMappings.push({
      ...mapping,
      // CloudFormation's logical id may change with the layout of constructs; table and function identify the mapping.
      id: `${table}/${mapping.functionName}`,
      tableName: table,
      batchSize: properties.BatchSize ?? 100,
      filters: (properties.FilterCriteria?.Filters ?? []).map(
        ({ Pattern }) => JSON.parse(Pattern) as unknown,
      ),
      ...(properties.MaximumRetryAttempts < 0 ? {} : { maxAttempts: properties.MaximumRetryAttempts }),
      ...(properties.MaximumRecordAgeInSeconds < 0
        ? {}
        : { maxAgeSeconds: properties.MaximumRecordAgeInSeconds }),
      ...(destination === undefined ? {} : { failureBucket: nameIn(destination) }),
    });
  }
  return { queueMappings, streamMappings };
};
