import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
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

const INDEXES = ['gsi1', 'gsi2'] as const;

/**
 * The one table of a service: two generic indexes, expiry, backups to the second, and a stream that holds each write's
 * state and the events it causes. Only functions of the service get at it, and none may scan it.
 */
export class OwnedTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { stage, service }: { stage: StageConfig; service: string }) {
    super(scope, id);
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
  }

  allowReading(fn: ServiceFunction): void {
    fn.may(READ, [this.table.tableArn, ...INDEXES.map((index) => `${this.table.tableArn}/index/${index}`)]);
  }

  allowReadingAndWriting(fn: ServiceFunction): void {
    this.allowReading(fn);
    fn.may(WRITE, [this.table.tableArn]);
  }
}
