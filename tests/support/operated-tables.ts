import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localClients } from '../../infra/ops/aws-clients.ts';
import type { Context } from '../../infra/ops/command.ts';
import { Flags } from '../../infra/ops/flags.ts';
import { StackNames } from '../../infra/ops/stack-names.ts';
import type { Table } from '../../shared/dynamodb/table.ts';
import type { Dynoxide } from './dynoxide.ts';

const services = ['team', 'deals', 'metrics', 'goals'] as const;

export interface OperatedTables {
  readonly tables: Readonly<Record<(typeof services)[number], Table>>;
  /** For a command that needs tables alone: everything else of AWS is out of reach. */
  context(args: readonly string[], options?: { readonly apply?: boolean }): Context;
  /** What the last command reported. */
  outcome(): unknown;
  text(): string;
}

/** The tables of a stage on an engine of one's own, and what an operator's command works with. */
export const operatedTables = async (dynoxide: Dynoxide, stage: string): Promise<OperatedTables> => {
  const prefix = `quotaline-${stage}`;
  const made = await Promise.all(services.map(async (name) => dynoxide.table({ name: `${prefix}-${name}` })));
  const [team, deals, metrics, goals] = made;
  if (!team || !deals || !metrics || !goals) throw new Error('a table is missing');
  const dynamodb = new DynamoDBClient({
    endpoint: dynoxide.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const resources = made.map(({ name }) => ({
    logicalId: name,
    type: 'AWS::DynamoDB::Table',
    physicalId: name,
  }));
  let last: { outcome: unknown; text: string } | undefined;
  return {
    tables: { team, deals, metrics, goals },
    context: (args, { apply = false } = {}) => ({
      target: {
        stage,
        account: '000000000000',
        region: 'eu-west-1',
        partition: 'aws',
        isProtected: false,
        stackStatus: 'UPDATE_COMPLETE',
        names: new StackNames(prefix, resources),
        outputs: new Map(),
        apiUrl: 'http://127.0.0.1:9',
        bus: prefix,
        bucket: prefix,
        archive: prefix,
        aws: { ...localClients('http://127.0.0.1:9'), dynamodb },
        flag: `--stage ${stage}`,
        token: () => Promise.reject(new Error('no sign-in here')),
        now: () => Date.now(),
      },
      args,
      flags: new Flags({}),
      apply,
      signal: new AbortController().signal,
      now: () => Date.now(),
      report: (outcome, text) => (last = { outcome, text: text() }),
      progress: () => undefined,
    }),
    outcome: () => last?.outcome,
    text: () => last?.text ?? '',
  };
};
