import {
  DescribeContinuousBackupsCommand,
  DescribeExportCommand,
  ExportTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import { instantFrom } from '../../../shared/time/instant.ts';
import type { Command, Context } from '../command.ts';
import { Failed } from '../refusals.ts';

const LOOK_EVERY_MS = 2_000;

interface Export {
  readonly service: string;
  readonly arn: string;
  /** Where its files lie in the bucket. */
  readonly prefix: string;
}

/** The newest time that a table can be exported as of. Throws Failed for one that keeps no history. */
const newest = async ({ target: { aws, names }, now }: Context, service: string): Promise<number> => {
  const { ContinuousBackupsDescription } = await aws.dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName: names.table(service) }),
  );
  const { PointInTimeRecoveryStatus, LatestRestorableDateTime } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  if (PointInTimeRecoveryStatus === 'ENABLED') return LatestRestorableDateTime?.getTime() ?? now();
  throw new Failed(
    `The table of ${service} has no point-in-time recovery, which an export is made from: deploy the stack again.`,
  );
};

const begin = async ({ target }: Context, service: string, at: string): Promise<Export> => {
  const { aws, names, partition, region, account, bucket } = target;
  const prefix = `exports/${service}/${at.replace(/[-:]|\.\d+/g, '')}`;
  const { ExportDescription } = await aws.dynamodb.send(
    new ExportTableToPointInTimeCommand({
      TableArn: `arn:${partition}:dynamodb:${region}:${account}:table/${names.table(service)}`,
      ExportTime: new Date(at),
      S3Bucket: bucket,
      S3Prefix: prefix,
      S3SseAlgorithm: 'AES256',
      ExportFormat: 'DYNAMODB_JSON',
    }),
  );
  return { service, prefix, arn: ExportDescription?.ExportArn ?? '' };
};

/** Waits until the export is whole. Throws Failed when it fails, or the reader doesn’t want to wait. */
const follow = async ({ target, signal, progress }: Context, { service, arn }: Export): Promise<number> => {
  let said = '';
  for (;;) {
    const { ExportDescription } = await target.aws.dynamodb.send(
      new DescribeExportCommand({ ExportArn: arn }),
    );
    const { ExportStatus = '', ItemCount = 0, FailureMessage = '' } = ExportDescription ?? {};
    if (ExportStatus !== said) progress(`${service}: ${ExportStatus.toLowerCase().replace('_', ' ')}`);
    said = ExportStatus;
    if (ExportStatus === 'COMPLETED') return ItemCount;
    if (ExportStatus === 'FAILED') throw new Failed(`The export of ${service} failed: ${FailureMessage}`);
    if (signal.aborted) {
      throw new Failed(
        `The export goes on without this command: aws dynamodb describe-export --export-arn ${arn}`,
      );
    }
    await delay(LOOK_EVERY_MS);
  }
};

export const exportTables: Command = {
  name: 'export',
  summary: 'Write whole tables, as they were some minutes ago, into the stage’s bucket',
  parameters: ['service|all'],
  options: {},
  changes: true,
  details:
    'From the table’s history: it takes none of its capacity, and minutes. The files hold personal data, and expire.',
  async run(context) {
    const { target, args, apply, report, progress } = context;
    const asked = args[0] ?? '';
    const services = asked === 'all' ? target.names.services : [target.names.service(asked)];
    const times: number[] = [];
    for (const service of services) times.push(await newest(context, service));
    const folder = `s3://${target.bucket}/exports/`;
    if (!apply) {
      report(
        { services, folder },
        () => `Would export ${services.join(', ')} to ${folder}<service>/<time>/.`,
      );
      return;
    }
    // One instant for all, so that they fit together.
    const at = instantFrom(Math.min(...times));
    const begun: Export[] = [];
    for (const service of services) begun.push(await begin(context, service, at));
    progress(`As of ${at}`);
    const done: (Export & { readonly items: number })[] = [];
    for (const one of begun) done.push({ ...one, items: await follow(context, one) });
    report(done, () =>
      done
        .map(({ service, items, prefix }) => `${service}: ${items} items in s3://${target.bucket}/${prefix}/`)
        .join('\n'),
    );
  },
};
