import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../shared/dynamodb/document-client.ts';
import { Table, type TableOptions } from '../../shared/dynamodb/table.ts';
import { instantFrom } from '../../shared/time/instant.ts';
import { eventually } from './eventually.ts';

const BINARY = new URL('../../node_modules/@dynoxide/linux-x64/dynoxide', import.meta.url).pathname;

/** A DynamoDB engine of one's own, in memory; stop it with the test file that started it. */
export interface Dynoxide {
  readonly endpoint: string;
  readonly client: DynamoDBDocumentClient;
  /** A new, empty table of the services' common layout, with its stream on. */
  table(options?: Partial<TableOptions>): Promise<Table>;
  stop(): Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const stopped = async (process: ChildProcess): Promise<void> => {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
};

const tableLayout = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: keySchema(''),
  GlobalSecondaryIndexes: ['gsi1', 'gsi2'].map((IndexName) => ({
    IndexName,
    KeySchema: keySchema(IndexName),
    Projection: { ProjectionType: 'ALL' },
  })),
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
});

const keySchema = (prefix: string) => [
  { AttributeName: `${prefix}pk`, KeyType: 'HASH' as const },
  { AttributeName: `${prefix}sk`, KeyType: 'RANGE' as const },
];

export const startDynoxide = async (): Promise<Dynoxide> => {
  const port = await freePort();
  const process = spawn(BINARY, ['--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = documentClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await eventually('Dynoxide is ready', 20_000, async () => {
    if (process.exitCode !== null) throw new Error(`Dynoxide ended with ${process.exitCode}`);
    return client.send(new ListTablesCommand({})).catch(() => undefined);
  });
  let tables = 0;
  return {
    endpoint,
    client,
    async table(options = {}) {
      tables += 1;
      const name = options.name ?? `table-${tables}`;
      await client.send(new CreateTableCommand(tableLayout(name)));
      const clock = { now: () => instantFrom(Date.now()) };
      return new Table({ client, epoch: 0, clock, ...options, name });
    },
    async stop() {
      client.destroy();
      await stopped(process);
    },
  };
};
