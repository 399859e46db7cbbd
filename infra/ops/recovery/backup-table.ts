import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  RestoreTableToPointInTimeCommand,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import { instantFrom, type Instant } from '../../../shared/time/instant.ts';
import type { Context } from '../command.ts';
import { Failed, NotUnderstood } from '../refusals.ts';

/** DynamoDB takes twenty minutes or more, locally moments. */
const LOOK_EVERY_MS = { deployed: 15_000, local: 250 };

type Place = Pick<Context, 'target' | 'signal' | 'progress'>;

/** `quotaline-prod-deals-restored-20261123T093000Z`: the same command finds its own copy again. */
export const backupNameOf = (table: string, to: Instant): string =>
  `${table}-restored-${new Date(to).toISOString().replace(/[-:]|\.\d+/g, '')}`;

/** Throws NotUnderstood for a minute that the table can't go back to, saying which it can. */
export const checkWindow = async (
  { target }: Pick<Context, 'target'>,
  table: string,
  to: Instant,
): Promise<void> => {
  const { ContinuousBackupsDescription } = await target.aws.dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName: table }),
  );
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const [earliest, latest] = [recovery?.EarliestRestorableDateTime, recovery?.LatestRestorableDateTime];
  if (earliest === undefined || latest === undefined)
    throw new Failed(`${table} has no point-in-time recovery: deploy the stack as it is in this repository.`);
  if (earliest.getTime() <= Date.parse(to) && Date.parse(to) <= latest.getTime()) return;
  throw new NotUnderstood(
    `${table} can go back to any second from ${instantFrom(earliest.getTime())} to ${instantFrom(latest.getTime())}, not to ${to}.`,
  );
};

const statusOf = async ({ target }: Place, table: string): Promise<string | undefined> => {
  try {
    return (await target.aws.dynamodb.send(new DescribeTableCommand({ TableName: table }))).Table
      ?.TableStatus;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

/** Makes a copy of the table as it was at that minute, or takes the one that a stopped run made; waits until it can be read. */
export const backupTable = async (place: Place, table: string, to: Instant): Promise<string> => {
  const { target, signal, progress } = place;
  const name = backupNameOf(table, to);
  if ((await statusOf(place, name)) === undefined) {
    await checkWindow(place, table, to);
    progress(`Restoring ${table} as of ${to} into ${name} …`);
    await target.aws.dynamodb.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableName: table,
        TargetTableName: name,
        RestoreDateTime: new Date(to),
        // It is read by its keys alone.
        GlobalSecondaryIndexOverride: [],
      }),
    );
  } else progress(`${name} is there already.`);
  const began = performance.now();
  for (let said = 0; ;) {
    const status = await statusOf(place, name);
    if (status === 'ACTIVE') return name;
    if (status !== 'CREATING') throw new Failed(`${name} is ${status ?? 'gone'}; the restore failed.`);
    if (signal.aborted)
      throw new Failed(`Stopped. DynamoDB goes on with ${name}; the same command waits for it.`);
    const minutes = Math.floor((performance.now() - began) / 60_000);
    if (minutes > said) progress(`${minutes} min …`);
    said = minutes;
    await delay(target.stage === 'local' ? LOOK_EVERY_MS.local : LOOK_EVERY_MS.deployed);
  }
};
