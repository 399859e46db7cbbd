import type { SQSRecord } from 'aws-lambda';
import { teamEvents } from '../../../services/team/events.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { BusEvent } from '../../../shared/events/publisher.ts';
import { busEventOf, outboxItemOf } from '../../../shared/events/stream-record.ts';
import { TeamImportAdvanced } from '../../../shared/events/team.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import type { ImportStorage } from '../../../shared/imports/storage.ts';
import { importWorker } from '../../../shared/imports/worker.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { routes } from '../../../services/team/api.ts';
import { memberImportHandler } from '../../../services/team/store/member-import.ts';
import { imports } from '../../../services/team/subscriptions.ts';
import { teamDeps } from '../../../services/team/team-deps.ts';
import { callApi, type CallApi } from '../../support/call-api.ts';
import { startDynoxide } from '../../support/dynoxide.ts';
import { storedObjects } from '../../support/stored-objects.ts';
import { streamRecords } from '../../support/stream.ts';

export interface TeamService {
  /** Where imports and exports keep their files: the bucket is `bucket`. */
  readonly files: ReturnType<typeof storedObjects>;
  readonly table: Table;
  readonly call: CallApi;
  /** What has been published since the last time. */
  events(): Promise<readonly BusEvent[]>;
  /** Lets the import worker carry on until nothing is due; answers the other events. */
  runImports(): Promise<readonly BusEvent[]>;
  readonly clock: { time: number };
  stop(): Promise<void>;
}

export const TODAY = '2026-11-23';

const messageOf = ({ source, detailType, detail }: BusEvent): SQSRecord => ({
  messageId: detail.metadata.id,
  receiptHandle: '',
  body: JSON.stringify({ source, 'detail-type': detailType, detail }),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: '',
  awsRegion: 'eu-west-1',
});

/** The team service over a real table, with its stream read by hand. */
export const startTeamService = async (): Promise<TeamService> => {
  const dynoxide = await startDynoxide();
  const time = { time: Date.parse(`${TODAY}T09:30:00Z`) };
  const clock = { now: () => instantFrom(time.time) };
  const table = await dynoxide.table({ clock });
  const files = storedObjects();
  const storage: ImportStorage = {
    table,
    s3: files.s3,
    bucket: 'bucket',
    service: 'team',
    advanced: TeamImportAdvanced,
  };
  const handler = apiHandler({
    service: 'team',
    routes,
    clock,
    deps: (context) => teamDeps({ table, storage, ...context }),
  });
  const worker = importWorker({
    subscription: imports,
    storage,
    handlers: [memberImportHandler(table)],
    clock,
  });

  let read = 0;
  const events = async (): Promise<readonly BusEvent[]> => {
    const records = await streamRecords(dynoxide, table.name);
    const fresh = records.slice(read);
    read = records.length;
    return fresh.flatMap((record) => {
      const item = outboxItemOf(record);
      return (item?.outbox ?? []).flatMap((entry) =>
        item === undefined ? [] : [busEventOf(item, entry, teamEvents)],
      );
    });
  };
  return {
    files,
    table,
    call: callApi(handler, routes),
    events,
    clock: time,
    async runImports() {
      const others: BusEvent[] = [];
      for (;;) {
        const due = await events();
        others.push(...due.filter(({ detailType }) => detailType !== TeamImportAdvanced.detailType));
        const pages = due.filter(({ detailType }) => detailType === TeamImportAdvanced.detailType);
        if (pages.length === 0) return others;
        const { batchItemFailures } = await worker({ Records: pages.map(messageOf) });
        if (batchItemFailures.length > 0) throw new Error('the worker failed');
      }
    },
    stop: async () => dynoxide.stop(),
  };
};
