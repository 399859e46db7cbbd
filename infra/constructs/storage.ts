import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  HttpMethods,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../stage.ts';
import { UPLOAD_NAME } from '../../shared/imports/upload-key.ts';
import type { ServiceFunction } from './service-function.ts';
import type { Subscription } from './subscription.ts';

/**
 * One bucket for what is too large or too broken for a table: files to import, large deliveries of stores, records that can't be published,
 * stream batches that ran out of retries, exports of whole tables and of what is held of a person, and the archive of the audit. Everything in it expires: it may hold
 * personal data.
 */
export class Storage extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, stage: StageConfig) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: stage.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        { id: 'imports', prefix: 'imports/', expiration: Duration.days(30) },
        // As long as the items that name them.
        { id: 'deliveries', prefix: 'deliveries/', expiration: Duration.days(30) },
        { id: 'parked', prefix: 'parked/', expiration: Duration.days(180) },
        { id: 'failed-batches', prefix: 'aws/lambda/', expiration: Duration.days(180) },
        { id: 'exports', prefix: 'exports/', expiration: Duration.days(90) },
        // Anybody's records: for as long as it takes to fetch them.
        { id: 'downloads', prefix: 'downloads/', expiration: Duration.days(7) },
        { id: 'personal-data', prefix: 'privacy/', expiration: Duration.days(7) },
        {
          id: 'audit',
          prefix: 'audit/',
          // The table answers for a year; after that nobody but an investigation reads it.
          transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(365) }],
          expiration: Duration.days(10 * 366),
        },
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      // Browsers upload files to import, and fetch exports, by presigned links.
      ...(stage.corsOrigins.length > 0 && {
        cors: [
          {
            allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
            allowedOrigins: [...stage.corsOrigins],
            allowedHeaders: ['content-type'],
            maxAge: 3600,
          },
        ],
      }),
    });
    // By CloudFormation's own property: the CDK's makes a function of its own to set it.
    const { defaultChild } = this.bucket.node;
    if (!(defaultChild instanceof CfnBucket)) throw new Error('The bucket is none of CloudFormation’s.');
    defaultChild.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only functions of this stack read and write it, and they log what they do.',
    });
  }

  /** To keep files to import, or to hand out links to upload them: a link can do what its maker may. */
  allowKeepingImports(fn: ServiceFunction, service: string): void {
    fn.mayWithin('importFiles', ['s3:PutObject'], `${this.bucket.bucketArn}/imports/${service}/*`);
    fn.setEnvironment({ BUCKET_NAME: this.bucket.bucketName });
  }

  /** To read the files, and to take them away from where they were uploaded. */
  allowImporting(fn: ServiceFunction, service: string): void {
    fn.mayWithin(
      'importFiles',
      ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
      `${this.bucket.bucketArn}/imports/${service}/*`,
    );
    // Without it, S3 says of a file that is gone that it is forbidden, which is no reason to give up on it.
    fn.may(['s3:ListBucket'], [this.bucket.bucketArn]);
    fn.setEnvironment({ BUCKET_NAME: this.bucket.bucketName });
  }

  /** Bodies of webhooks that are too large for an item: written as they come in, read when they are carried out. */
  allowDeliveryFiles(fn: ServiceFunction, action: 's3:PutObject' | 's3:GetObject'): void {
    fn.mayWithin('deliveryFiles', [action], `${this.bucket.bucketArn}/deliveries/deals/*`);
    // Who may not list is told that a file that is gone is forbidden.
    if (action === 's3:GetObject') fn.may(['s3:ListBucket'], [this.bucket.bucketArn]);
    fn.setEnvironment({ BUCKET_NAME: this.bucket.bucketName });
  }

  /** To write exports of records, in parts, each of which is read again until there is enough for S3. */
  allowWritingExports(fn: ServiceFunction, service: string): void {
    fn.mayWithin(
      'downloads',
      ['s3:PutObject', 's3:GetObject'],
      `${this.bucket.bucketArn}/downloads/${service}/*`,
    );
  }

  /** To hand out links to exports: a link can do what its maker may. */
  allowExportLinks(fn: ServiceFunction, service: string): void {
    fn.mayWithin('downloads', ['s3:GetObject'], `${this.bucket.bucketArn}/downloads/${service}/*`);
  }

  /** Tells the service’s imports of each file that was uploaded for one. */
  tellUploads(service: string, { queue, deadLetters }: Subscription): void {
    new Rule(this, `Uploads-${service}`, {
      description: `Files to import that were uploaded to ${service}`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [this.bucket.bucketName] },
          object: { key: [{ wildcard: `imports/${service}/*/${UPLOAD_NAME}` }] },
        },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
  }

  allowParking(fn: ServiceFunction, service: string): void {
    fn.mayWithin('parkedRecords', ['s3:PutObject'], `${this.bucket.bucketArn}/parked/${service}/*`);
    fn.setEnvironment({ BUCKET_NAME: this.bucket.bucketName });
  }

  allowAuditArchive(fn: ServiceFunction): void {
    fn.mayWithin('auditArchive', ['s3:PutObject'], `${this.bucket.bucketArn}/audit/*`);
    fn.setEnvironment({ BUCKET_NAME: this.bucket.bucketName });
  }

  /** To find a person in the files of a service, to delete those, and to write down what the service holds. */
  allowPersonalData(
    fn: ServiceFunction,
    service: string,
    folders: readonly ('imports' | 'parked' | 'deliveries' | 'downloads')[],
  ): void {
    // Only names of files are told by it, and those hold ids alone.
    fn.may(['s3:ListBucket'], [this.bucket.bucketArn]);
    for (const folder of folders) {
      fn.mayWithin(
        'personalFiles',
        ['s3:GetObject', 's3:DeleteObject'],
        `${this.bucket.bucketArn}/${folder}/${service}/*`,
      );
    }
    fn.mayWithin('personalExports', ['s3:PutObject'], `${this.bucket.bucketArn}/privacy/*`);
    fn.setEnvironment({ BUCKET_NAME: this.bucket.bucketName });
  }

  /** To hand out links to what is held of a person: a link can do what its maker may. */
  allowPersonalLinks(fn: ServiceFunction): void {
    fn.mayWithin('personalExports', ['s3:GetObject'], `${this.bucket.bucketArn}/privacy/*`);
  }

  /** What Lambda needs to keep the batches of a stream that ran out of retries. */
  allowFailedBatches(fn: ServiceFunction): void {
    fn.mayWithin('failedBatches', ['s3:PutObject'], `${this.bucket.bucketArn}/aws/lambda/*`);
    fn.may(['s3:ListBucket'], [this.bucket.bucketArn]);
  }
}
