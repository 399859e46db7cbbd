import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
  type RestoreTableToPointInTimeCommandInput,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Objects } from '../../infra/local/aws/objects.ts';
import { LocalClock } from '../../infra/local/clock.ts';
import { readRequest, sendAnswer } from '../../infra/local/local-http.ts';
import type { TableSpec } from '../../infra/local/stack-tables.ts';
import { RunnerState } from '../../infra/local/state.ts';
import { TableRecovery } from '../../infra/local/table-recovery.ts';
import { TableEngine } from '../../infra/local/tables.ts';
import { eventually } from '../support/eventually.ts';

const TableName = 'deals';
const spec: TableSpec = {
  name: TableName,
  definition: {
    TableName,
    AttributeDefinitions: ['pk', 'sk', 'gsi1pk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'gsi1',
        KeySchema: [{ AttributeName: 'gsi1pk', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
};

type Item = Readonly<Record<string, AttributeValue>>;

let folder: string;
let engine: TableEngine;
let state: RunnerState;
let clock: LocalClock;
let recovery: TableRecovery;
let server: Server;
let client: DynamoDBClient;

const open = async (keepHistory: boolean): Promise<void> => {
  state = new RunnerState(join(folder, 'runner.db'));
  clock = new LocalClock(state);
  recovery = new TableRecovery({
    stack: { tables: [spec], buckets: ['files'] },
    engine,
    path: join(folder, 'tables.db'),
    state,
    objects: new Objects(state, ['files'], clock),
    clock,
    keepHistory,
    warn: (text) => {
      throw new Error(text);
    },
  });
  await recovery.clear();
};
const close = (): void => {
  recovery.stop();
  state.close();
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quotaline-recovery-'));
  engine = await TableEngine.start(join(folder, 'tables.db'), () => undefined);
  await engine.create([spec]);
  await open(true);
  server = createServer((incoming, response) => {
    void (async () => {
      const request = await readRequest(incoming, 10_000_000);
      if (request !== undefined) sendAnswer(response, await recovery.serve(request));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${String(port)}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  client.destroy();
  server.close();
  server.closeAllConnections();
  close();
  engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const keyOf = ({ pk, sk }: Item): string => `${pk?.S ?? ''} ${sk?.S ?? ''}`;

const contents = async (table: string): Promise<Readonly<Record<string, Item>>> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }));
  return Object.fromEntries(Items.map((item) => [keyOf(item), item]));
};

const restored = async (
  target: string,
  change: Partial<RestoreTableToPointInTimeCommandInput>,
): Promise<Readonly<Record<string, Item>>> => {
  await client.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: TableName,
      TargetTableName: target,
      ...change,
    }),
  );
  await eventually(`${target} is ready`, 20_000, async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: target }));
    return Table?.TableStatus === 'ACTIVE' ? true : undefined;
  });
  return contents(target);
};

/** Waits until the clock shows another millisecond: what was written before and after can be told apart. */
const nextMoment = async (): Promise<number> => {
  const now = clock.now();
  await eventually('a moment later', 1_000, () => Promise.resolve(clock.now() > now ? true : undefined));
  return now;
};

const put = (n: number, value: AttributeValue) =>
  client.send(
    new PutItemCommand({
      TableName,
      Item: { pk: { S: `deal#${String(n)}` }, sk: { S: 'state' }, gsi1pk: { S: 'all' }, value },
    }),
  );

const Value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.string().map((S) => ({ S })),
    fc.integer().map((n) => ({ N: String(n) })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true as const }),
    fc.uint8Array({ minLength: 1, maxLength: 8 }).map((B) => ({ B })),
    fc
      .uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 })
      .map((SS) => ({ SS: SS.toSorted() })),
    fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
    fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 3 }).map((M) => ({ M })),
  ),
})).value;

const key = fc.integer({ min: 0, max: 4 });
const Write = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), n: key, value: Value }),
  fc.record({ kind: fc.constant('delete' as const), n: key }),
  fc.record({ kind: fc.constant('both' as const), n: key, other: key, value: Value }),
);

const carryOut = async (write: typeof Write extends fc.Arbitrary<infer W> ? W : never): Promise<void> => {
  const Key = (n: number) => ({ pk: { S: `deal#${String(n)}` }, sk: { S: 'state' } });
  if (write.kind === 'put') await put(write.n, write.value);
  else if (write.kind === 'delete')
    await client.send(new DeleteItemCommand({ TableName, Key: Key(write.n) }));
  else if (write.n !== write.other)
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: { ...Key(write.n), value: write.value } } },
          { Delete: { TableName, Key: Key(write.other) } },
        ],
      }),
    );
};

describe('a table with history', () => {
  it('comes back as it was at any moment, whatever was written', async () => {
    let copies = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(Write, { minLength: 1, maxLength: 12 }), async (writes) => {
        const moments: { readonly at: number; readonly was: Readonly<Record<string, Item>> }[] = [];
        for (const write of writes) {
          moments.push({ at: await nextMoment(), was: await contents(TableName) });
          await nextMoment();
          await carryOut(write);
        }
        moments.push({ at: await nextMoment(), was: await contents(TableName) });
        for (const { at, was } of moments) {
          const target = `copy-${String((copies += 1))}`;
          expect(await restored(target, { RestoreDateTime: new Date(at) })).toEqual(was);
          await client.send(new DeleteTableCommand({ TableName: target }));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('is copied with its keys and indexes, or those that are asked for, and without its stream', async () => {
    await put(1, { S: 'a' });
    await restored('whole', { UseLatestRestorableTime: true });
    const whole = await client.send(new DescribeTableCommand({ TableName: 'whole' }));
    expect(whole.Table?.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'gsi1' }]);
    expect(whole.Table?.StreamSpecification?.StreamEnabled ?? false).toBe(false);
    await restored('bare', { UseLatestRestorableTime: true, GlobalSecondaryIndexOverride: [] });
    const bare = await client.send(new DescribeTableCommand({ TableName: 'bare' }));
    expect(bare.Table?.GlobalSecondaryIndexes ?? []).toEqual([]);
    expect(await contents('bare')).toEqual(await contents(TableName));
  });

  it('is being made until everything is in it', async () => {
    for (let n = 0; n < 60; n += 1) await put(n, { S: 'x' });
    await client.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: TableName,
        TargetTableName: 'copy',
        UseLatestRestorableTime: true,
      }),
    );
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'copy' }));
    expect(Table).toMatchObject({ TableStatus: 'CREATING', RestoreSummary: { RestoreInProgress: true } });
    await eventually('all is copied', 20_000, () =>
      Promise.resolve(recovery.running === 0 ? true : undefined),
    );
    expect(Object.keys(await contents('copy'))).toHaveLength(60);
  });

  it('is known over a restart, by the clock that functions see', async () => {
    await put(1, { S: 'before' });
    clock.moveTo(clock.now() + 86_400_000);
    const at = await nextMoment();
    await nextMoment();
    close();
    await open(true);
    await put(1, { S: 'after' });
    expect(await restored('copy', { RestoreDateTime: new Date(at) })).toMatchObject({
      'deal#1 state': { value: { S: 'before' } },
    });
  });

  it('is refused for a moment before its history begins, or one to come', async () => {
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    const window = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    const earliest = window?.EarliestRestorableDateTime?.getTime() ?? 0;
    for (const at of [earliest - 1_000, Date.now() + 60_000]) {
      await expect(restored('copy', { RestoreDateTime: new Date(at) })).rejects.toMatchObject({
        name: 'InvalidRestoreTimeException',
      });
    }
    await expect(restored(TableName, { UseLatestRestorableTime: true })).rejects.toMatchObject({
      name: 'TableAlreadyExistsException',
    });
  });

  it('has none any more once a run did not keep it', async () => {
    close();
    await open(false);
    for (const call of [
      new DescribeContinuousBackupsCommand({ TableName }),
      new RestoreTableToPointInTimeCommand({
        SourceTableName: TableName,
        TargetTableName: 'copy',
        UseLatestRestorableTime: true,
      }),
    ])
      await expect(client.send(call as DescribeContinuousBackupsCommand)).rejects.toThrow(
        /start it with npm start -- --keep-history/,
      );
    await put(1, { S: 'unseen' });
    const before = clock.now();
    close();
    await open(true);
    await expect(restored('copy', { RestoreDateTime: new Date(before - 1) })).rejects.toMatchObject({
      name: 'InvalidRestoreTimeException',
    });
  });

  it('loses a copy that a run could not finish', async () => {
    state.keepSetting('restoring tables', JSON.stringify(['copy']));
    await client.send(
      new CreateTableCommand({
        TableName: 'copy',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    close();
    await open(true);
    await expect(client.send(new DescribeTableCommand({ TableName: 'copy' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
