import {
  DescribeContinuousBackupsCommand,
  DescribeExportCommand,
  DynamoDBClient,
  ExportTableToPointInTimeCommand,
  ListExportsCommand,
  ScanCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { awsClient } from '../support/aws-client.ts';
import { eventually } from '../support/eventually.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { salesOrganization, winDeal } from '../support/sales-organization.ts';

const TableName = 'quotaline-dev-deals';
const TableArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
const Summary = z.object({ manifestFilesS3Key: z.string(), itemCount: z.number(), outputFormat: z.string() });
const File = z.object({ itemCount: z.number(), md5Checksum: z.string(), dataFileS3Key: z.string() });
const Line = z.object({ Item: z.record(z.string(), z.custom<AttributeValue>()) });

let run: LocalRun;
let tables: DynamoDBClient;
let s3: S3Client;
let bucket: string;
const connect = async () => {
  tables = new DynamoDBClient(awsClient(run, 'dynamodb'));
  s3 = new S3Client({ ...awsClient(run, 's3'), forcePathStyle: true });
  const { Environment } = await configuration();
  bucket = Object.entries(Environment?.Variables ?? {}).find(([name]) => name.includes('BUCKET'))?.[1] ?? '';
};
const configuration = () =>
  new LambdaClient(awsClient(run, 'lambda')).send(
    new GetFunctionConfigurationCommand({ FunctionName: 'quotaline-dev-deals-api' }),
  );
beforeAll(async () => {
  run = await startLocalRun(['--keep-history', '-c', 'epochs.deals=1']);
  await connect();
  const { repId } = await salesOrganization(run);
  await winDeal(run, repId, 'Exported', 10_000);
  await run.idle();
});
afterAll(() => run.stop());

const object = async (Key: string): Promise<Uint8Array> =>
  (await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToByteArray()) ??
  new Uint8Array();
const text = async (key: string): Promise<string> => Buffer.from(await object(key)).toString('utf8');
const byKey = (items: readonly Readonly<Record<string, AttributeValue>>[]) =>
  Object.fromEntries(items.map((item) => [`${item.pk?.S ?? ''} ${item.sk?.S ?? ''}`, item]));

describe('DynamoDB of the local run', () => {
  it('takes settings of the stage on the command line, as cdk deploy does', async () => {
    expect((await configuration()).Environment?.Variables).toMatchObject({ EPOCH: '1' });
  });

  it('says how far back a table can be restored', async () => {
    const { ContinuousBackupsDescription } = await tables.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    const window = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    expect(window?.PointInTimeRecoveryStatus).toBe('ENABLED');
    expect(window?.EarliestRestorableDateTime?.getTime()).toBeLessThan(
      window?.LatestRestorableDateTime?.getTime() ?? 0,
    );
  });

  it('exports a whole table into the bucket, in the files that DynamoDB writes', async () => {
    const { ExportDescription } = await tables.send(
      new ExportTableToPointInTimeCommand({ TableArn, S3Bucket: bucket, S3Prefix: 'exports/deals' }),
    );
    const ExportArn = ExportDescription?.ExportArn ?? '';
    const done = await eventually('the export is complete', 20_000, async () => {
      const answer = (await tables.send(new DescribeExportCommand({ ExportArn }))).ExportDescription;
      return answer?.ExportStatus === 'COMPLETED' ? answer : undefined;
    });
    const summary = await text(done.ExportManifest ?? '');
    const { manifestFilesS3Key, itemCount, outputFormat } = Summary.parse(JSON.parse(summary));
    expect([done.ItemCount, outputFormat]).toEqual([itemCount, 'DYNAMODB_JSON']);
    expect(await text((done.ExportManifest ?? '').replace('.json', '.md5'))).toBe(
      createHash('md5').update(summary).digest('base64'),
    );
    const files = (await text(manifestFilesS3Key))
      .trim()
      .split('\n')
      .map((line) => File.parse(JSON.parse(line)));
    const items = [];
    for (const { dataFileS3Key, md5Checksum, itemCount: count } of files) {
      expect(dataFileS3Key).toMatch(/^exports\/deals\/AWSDynamoDB\/\d+-[0-9a-f]{8}\/data\/\w+\.json\.gz$/);
      const body = await object(dataFileS3Key);
      expect(createHash('md5').update(body).digest('base64')).toBe(md5Checksum);
      const lines = gunzipSync(body).toString('utf8').trim().split('\n');
      expect(lines).toHaveLength(count);
      items.push(...lines.map((line) => Line.parse(JSON.parse(line)).Item));
    }
    const { Items = [] } = await tables.send(new ScanCommand({ TableName }));
    expect(byKey(items)).toEqual(byKey(Items));
    expect(items).toHaveLength(itemCount);
    const { ExportSummaries } = await tables.send(new ListExportsCommand({ TableArn }));
    expect(ExportSummaries).toMatchObject([{ ExportArn, ExportStatus: 'COMPLETED' }]);
  });

  it('refuses an export to a bucket that is not there, or of a time to come', async () => {
    const exported = (change: object) =>
      tables.send(new ExportTableToPointInTimeCommand({ TableArn, S3Bucket: bucket, ...change }));
    await expect(exported({ S3Bucket: 'nowhere' })).rejects.toThrow(/bucket nowhere does not exist/);
    await expect(exported({ ExportTime: new Date(Date.now() + 60_000) })).rejects.toMatchObject({
      name: 'InvalidExportTimeException',
    });
  });

  it('keeps no history unless it was asked to, and says how to ask', async () => {
    await run.restart([]);
    await connect();
    await expect(tables.send(new DescribeContinuousBackupsCommand({ TableName }))).rejects.toThrow(
      /start it with npm start -- --keep-history/,
    );
  });
});
