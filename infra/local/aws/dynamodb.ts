import * as z from 'zod';
import type { LocalClock } from '../clock.ts';
import { jsonAnswer, jsonBody, type LocalAnswer, type LocalRequest } from '../local-http.ts';
import { named, nameIn } from '../local-names.ts';
import type { TableSpec } from '../stack-tables.ts';
import type { Export, TableExports } from '../table-exports.ts';
import type { TableHistory } from '../table-history.ts';
import { keyNamesOf, type Restore, type TableRestores } from '../table-restores.ts';
import { SIGNATURE, type TableEngine } from '../tables.ts';
import { AwsError } from './aws-error.ts';
import { awsJson } from './aws-json.ts';

/** The SDK sends seconds since the epoch. */
const Time = z.number().transform((seconds) => Math.round(seconds * 1000));
const OfTable = z.object({ TableName: z.string() });
const RestoreInput = z.object({
  SourceTableName: z.string().optional(),
  SourceTableArn: z.string().optional(),
  TargetTableName: z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'must be 3 to 255 letters, digits and _.-'),
  UseLatestRestorableTime: z.boolean().default(false),
  RestoreDateTime: Time.optional(),
  GlobalSecondaryIndexOverride: z.array(z.looseObject({ IndexName: z.string() })).optional(),
});
const ExportInput = z.object({
  TableArn: z.string(),
  ExportTime: Time.optional(),
  S3Bucket: z.string(),
  S3Prefix: z.string().default(''),
  ExportFormat: z.literal('DYNAMODB_JSON', 'the local run exports DYNAMODB_JSON').default('DYNAMODB_JSON'),
  ExportType: z.literal('FULL_EXPORT', 'the local run makes full exports').default('FULL_EXPORT'),
});
const OfExport = z.object({ ExportArn: z.string() });
const ListInput = z.object({ TableArn: z.string().optional() });
const Described = z.looseObject({ Table: z.record(z.string(), z.unknown()) });

const HEADERS = ['content-type', 'x-amz-target'];

const NO_HISTORY = 'this run keeps no history of its tables: start it with npm start -- --keep-history';

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
const tableArn = (name: string): string => named['AWS::DynamoDB::Table']?.arn(name) ?? name;

interface DynamoDbParts {
  readonly tables: readonly TableSpec[];
  readonly buckets: readonly string[];
  readonly engine: TableEngine;
  readonly history: TableHistory;
  readonly restores: TableRestores;
  readonly exports: TableExports;
  readonly clock: LocalClock;
}

/** DynamoDB for operators: the engine answers, but for point-in-time recovery and exports, which it does not have. */
export class DynamoDb {
  readonly #parts: DynamoDbParts;
  readonly #own: (request: LocalRequest) => Promise<LocalAnswer>;

  constructor(parts: DynamoDbParts) {
    this.#parts = parts;
    this.#own = awsJson((operation, input) => OWN[operation]?.(this, input));
  }

  readonly serve = async (request: LocalRequest): Promise<LocalAnswer> => {
    const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    if (operation in OWN) return this.#own(request);
    const answer = await this.#pass(request);
    return operation === 'DescribeTable' ? this.#whileRestoring(request, answer) : answer;
  };

  /** When the history begins. Throws AwsError, by the name that the operation has for it, when none is kept. */
  since(code: string): number {
    const { since } = this.#parts.history;
    if (since === undefined) throw new AwsError(code, NO_HISTORY);
    return since;
  }

  backups(input: unknown): unknown {
    const { TableName } = OfTable.parse(input);
    this.#table(TableName);
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: 'ENABLED',
          EarliestRestorableDateTime: seconds(this.since('ContinuousBackupsUnavailableException')),
          LatestRestorableDateTime: seconds(this.#parts.clock.now()),
        },
      },
    };
  }

  async restore(input: unknown): Promise<unknown> {
    const parsed = RestoreInput.parse(input);
    const source = this.#table(nameIn(parsed.SourceTableName ?? parsed.SourceTableArn ?? ''));
    const target = parsed.TargetTableName;
    const at = this.#moment(parsed, 'InvalidRestoreTimeException');
    const there = await this.#parts.engine.call('DescribeTable', { TableName: target });
    if (there.ok) throw new AwsError('TableAlreadyExistsException', `Table already exists: ${target}`);
    const restore: Restore = {
      source,
      target,
      at,
      ...(parsed.GlobalSecondaryIndexOverride === undefined
        ? {}
        : { indexes: parsed.GlobalSecondaryIndexOverride.map(({ IndexName }) => IndexName) }),
    };
    await this.#parts.restores.start(restore);
    return {
      TableDescription: {
        TableName: target,
        TableArn: tableArn(target),
        TableStatus: 'CREATING',
        ...restoreSummary(restore),
      },
    };
  }

  export(input: unknown): unknown {
    const { TableArn, ExportTime, S3Bucket, S3Prefix } = ExportInput.parse(input);
    const source = this.#table(nameIn(TableArn));
    if (!this.#parts.buckets.includes(S3Bucket))
      throw new AwsError('ValidationException', `The bucket ${S3Bucket} does not exist.`);
    const exportTime = this.#moment(
      { RestoreDateTime: ExportTime, UseLatestRestorableTime: ExportTime === undefined },
      'InvalidExportTimeException',
    );
    const begun = this.#parts.exports.start({
      tableArn: tableArn(source.name),
      bucket: S3Bucket,
      prefix: S3Prefix,
      exportTime,
      items: this.#parts.history.itemsAt(source.name, keyNamesOf(source), exportTime),
    });
    return { ExportDescription: exportDescription(begun) };
  }

  describeExport(input: unknown): unknown {
    const { ExportArn } = OfExport.parse(input);
    const found = this.#parts.exports.find(ExportArn);
    if (found === undefined) throw new AwsError('ExportNotFoundException', `Export not found: ${ExportArn}`);
    return { ExportDescription: exportDescription(found) };
  }

  exports(input: unknown): unknown {
    const { TableArn } = ListInput.parse(input);
    return {
      ExportSummaries: this.#parts.exports
        .all()
        .filter((one) => TableArn === undefined || nameIn(TableArn) === nameIn(one.tableArn))
        .map(({ arn, status }) => ({ ExportArn: arn, ExportStatus: status, ExportType: 'FULL_EXPORT' })),
    };
  }

  #table(name: string): TableSpec {
    const found = this.#parts.tables.find((table) => table.name === name);
    if (found === undefined) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
    return found;
  }

  #moment(
    given: {
      readonly RestoreDateTime?: number | undefined;
      readonly UseLatestRestorableTime: boolean;
    },
    code: string,
  ): number {
    const since = this.since('PointInTimeRecoveryUnavailableException');
    const now = this.#parts.clock.now();
    const at = given.UseLatestRestorableTime ? now : given.RestoreDateTime;
    if (at === undefined)
      throw new AwsError('ValidationException', 'Give RestoreDateTime, or UseLatestRestorableTime.');
    if (at >= since && at <= now) return at;
    const [from, to, asked] = [since, now, at].map((ms) => new Date(ms).toISOString());
    throw new AwsError(
      code,
      `${asked ?? ''} is not between ${from ?? ''}, since when history is kept, and now, ${to ?? ''}.`,
    );
  }

  async #pass(request: LocalRequest): Promise<LocalAnswer> {
    const headers = Object.fromEntries(HEADERS.map((name) => [name, request.headers[name] ?? '']));
    const response = await fetch(this.#parts.engine.url, {
      method: 'POST',
      headers: { ...headers, ...SIGNATURE },
      body: request.body.toString('utf8'),
    });
    return {
      status: response.status,
      headers: { 'content-type': response.headers.get('content-type') ?? 'application/x-amz-json-1.0' },
      body: await response.text(),
    };
  }

  /** The engine's table is there at once; it is ready only when everything is in it. */
  #whileRestoring(request: LocalRequest, answer: LocalAnswer): LocalAnswer {
    const named = OfTable.safeParse(jsonBody(request));
    const restore = named.success ? this.#parts.restores.find(nameIn(named.data.TableName)) : undefined;
    if (restore === undefined || answer.status !== 200) return answer;
    const { Table } = Described.parse(JSON.parse(Buffer.from(answer.body).toString('utf8')));
    return jsonAnswer(
      200,
      { Table: { ...Table, TableStatus: 'CREATING', ...restoreSummary(restore) } },
      answer.headers,
    );
  }
}

const OWN: Readonly<Record<string, (service: DynamoDb, input: unknown) => unknown>> = {
  DescribeContinuousBackups: (service, input) => service.backups(input),
  RestoreTableToPointInTime: (service, input) => service.restore(input),
  ExportTableToPointInTime: (service, input) => service.export(input),
  DescribeExport: (service, input) => service.describeExport(input),
  ListExports: (service, input) => service.exports(input),
};

const restoreSummary = ({ source, at }: Restore) => ({
  RestoreSummary: {
    SourceTableArn: tableArn(source.name),
    RestoreDateTime: seconds(at),
    RestoreInProgress: true,
  },
});

const exportDescription = (one: Export) => ({
  ExportArn: one.arn,
  ExportStatus: one.status,
  StartTime: seconds(one.startTime),
  EndTime: seconds(one.endTime),
  ExportManifest: one.manifest,
  TableArn: one.tableArn,
  ExportTime: seconds(one.exportTime),
  S3Bucket: one.bucket,
  S3Prefix: one.prefix === '' ? undefined : one.prefix,
  S3SseAlgorithm: 'AES256',
  FailureMessage: one.failure,
  ExportFormat: 'DYNAMODB_JSON',
  BilledSizeBytes: one.bytes,
  ItemCount: one.itemCount,
  ExportType: 'FULL_EXPORT',
});
