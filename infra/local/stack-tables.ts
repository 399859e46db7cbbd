import * as z from 'zod';
import { reader } from './read-properties.ts';
import type { Resource, Template } from './template.ts';

export interface TableSpec {
  readonly name: string;
  readonly ttlAttribute?: string;
  /** The body of CreateTable. */
  readonly definition: Readonly<Record<string, unknown>>;
}

const Key = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const read = reader(
  'AWS::DynamoDB::Table',
  {
    AttributeDefinitions: z.array(
      z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    KeySchema: Key,
    GlobalSecondaryIndexes: z
      .array(
        z.object({
          IndexName: z.string(),
          KeySchema: Key,
          Projection: z.object({ ProjectionType: z.literal('ALL') }),
        }),
      )
      .optional(),
    StreamSpecification: z.object({ StreamViewType: z.literal('NEW_AND_OLD_IMAGES') }),
    TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
    BillingMode: z.literal('PAY_PER_REQUEST'),
  },
  [
    'TableName',
    'PointInTimeRecoverySpecification',
    'SSESpecification',
    'DeletionProtectionEnabled',
    'ContributorInsightsSpecification',
    'OnDemandThroughput',
    'Tags',
  ],
);

export const readTables = (resources: readonly Resource[], template: Template): readonly TableSpec[] =>
  read(resources).map(({ id, properties }) => {
    const { TimeToLiveSpecification: ttl, StreamSpecification, ...rest } = properties;
    const name = template.nameOf(id);
    return {
      name,
      ...(ttl?.Enabled === true ? { ttlAttribute: ttl.AttributeName } : {}),
      definition: {
        TableName: name,
        ...rest,
        StreamSpecification: { StreamEnabled: true, ...StreamSpecification },
      },
    };
  });
