import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { named, type StageConfig } from '../stage.ts';
import { sumOf, type Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;
/** Transactions are allowed through the actions they consist of. */
const WRITE = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
] as const;

export const INDEXES = ['gsi1', 'gsi2'] as const;

/**
 * The one table of a service: two generic indexes, expiry, backups to the second, and a stream that holds each write's
 * state and the events it causes. Only functions of the service get at it, and none may scan it.
 */
export class OwnedTable extends Construct {
  readonly service: string;
  readonly table: Table;

  constructor(
    scope: Construct,
    id: string,
    { stage, service, alarms }: { stage: StageConfig; service: string; alarms: Alarms },
  ) {
    super(scope, id);
    this.service = service;
    this.table = new Table(this, 'Table', {
      tableName: named(stage, service),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.AWS_MANAGED,
      deletionProtection: stage.protect,
      removalPolicy: stage.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const index of INDEXES) {
      this.table.addGlobalSecondaryIndex({
        indexName: index,
        partitionKey: { name: `${index}pk`, type: AttributeType.STRING },
        sortKey: { name: `${index}sk`, type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    }
    new CfnOutput(this, 'Name', { value: this.table.tableName });
    alarms.raise(this, 'Throttles', {
      name: `${service}-table-throttles`,
      says: `DynamoDB refuses reads or writes of the table of ${service}, by a hot partition or an account’s limit.`,
      runbook: 'table-throttles',
      metric: sumOf(
        service,
        [undefined, ...INDEXES].flatMap((index) => [
          this.metric('ReadThrottleEvents', index),
          this.metric('WriteThrottleEvents', index),
        ]),
      ),
      above: 0,
      periods: 3,
    });
  }

  /** A metric of the table alone or, which CloudWatch tells apart, of one of its indexes. */
  metric(metricName: string, index?: (typeof INDEXES)[number]): Metric {
    return new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: {
        TableName: this.table.tableName,
        ...(index === undefined ? {} : { GlobalSecondaryIndexName: index }),
      },
      statistic: 'Sum',
      period: Duration.minutes(1),
    });
  }

  allowReading(fn: ServiceFunction): void {
    fn.may(READ, [this.table.tableArn, ...INDEXES.map((index) => `${this.table.tableArn}/index/${index}`)]);
  }

  allowReadingAndWriting(fn: ServiceFunction): void {
    this.allowReading(fn);
    fn.may(WRITE, [this.table.tableArn]);
  }
}
