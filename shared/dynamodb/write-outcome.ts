import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { TooLarge } from '../errors/errors.ts';
import type { Item } from './item.ts';
import type { Outcome } from './retry.ts';
import { ConditionFailed, TransactionConflict } from './write-errors.ts';

const conflict: Outcome = { retry: true, exhausted: (attempts) => new TransactionConflict(attempts) };
const final = (error: unknown): Outcome => ({ retry: false, error });

const isTooLarge = (message: string | undefined): boolean =>
  /item (size|collection).*exceed/i.test(message ?? '');
const tooLarge = () => new TooLarge('The item would take more than the 400 KB that can be stored.');

const read = (item: Parameters<typeof unmarshall>[0] | undefined): Item | undefined =>
  item === undefined ? undefined : unmarshall(item);

/** For single writes. One that meets a transaction on the same item is worth a retry. */
export const outcomeOfWrite = (error: unknown): Outcome => {
  if (error instanceof TransactionConflictException) return conflict;
  if (error instanceof ConditionalCheckFailedException) {
    const existing = read(error.Item);
    return final(new ConditionFailed([0], new Map(existing && [[0, existing]])));
  }
  if (error instanceof Error && error.name === 'ValidationException' && isTooLarge(error.message))
    return final(tooLarge());
  return final(error);
};

const passing = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'InternalServerError',
]);

/** For transactions: DynamoDB gives one reason per write, in the order of the writes. */
export const outcomeOfTransaction = (error: unknown): Outcome => {
  if (!(error instanceof TransactionCanceledException)) return outcomeOfWrite(error);
  const reasons = (error.CancellationReasons ?? []).map((reason, index) => ({ ...reason, index }));
  const refused = reasons.filter(({ Code }) => Code === 'ConditionalCheckFailed');
  if (refused.length > 0) {
    const existing = refused.flatMap(({ Item, index }) => {
      const item = read(Item);
      return item === undefined ? [] : [[index, item] as const];
    });
    return final(
      new ConditionFailed(
        refused.map(({ index }) => index),
        new Map(existing),
      ),
    );
  }
  if (reasons.some(({ Code, Message }) => Code === 'ValidationError' && isTooLarge(Message)))
    return final(tooLarge());
  const failed = reasons.filter(({ Code }) => Code !== undefined && Code !== 'None');
  return failed.length > 0 && failed.every(({ Code }) => passing.has(Code ?? '')) ? conflict : final(error);
};
