import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { absent, newer } from '../../../shared/dynamodb/expressions.ts';
import { Table } from '../../../shared/dynamodb/table.ts';
import { TransactionConflict } from '../../../shared/dynamodb/write-errors.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';

let dynoxide: Dynoxide;
let table: Table;

beforeAll(async () => {
  dynoxide = await startDynoxide();
  table = await dynoxide.table();
});
afterAll(() => dynoxide.stop());

/** A client whose first transactions are cancelled by other writers. */
const contended = (cancellations: number) => {
  let sent = 0;
  const client: DynamoDBDocumentClient = new Proxy(dynoxide.client, {
    get: (target, name, receiver) =>
      name !== 'send'
        ? (Reflect.get(target, name, receiver) as unknown)
        : async (command: Parameters<DynamoDBDocumentClient['send']>[0]) => {
            sent += 1;
            if (sent > cancellations) return target.send(command);
            throw new TransactionCanceledException({
              message: 'Transaction cancelled',
              $metadata: {},
              CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
            });
          },
  });
  return { client, sent: () => sent };
};

/** Waits for nothing, and notes what it was asked to wait for. */
const notedBackoff = (attempts: number) => {
  const pauses: number[] = [];
  return { pauses, attempts, pause: async (attempt: number) => void pauses.push(attempt) };
};

const twoPuts = [{ put: { pk: 'c', sk: '1' } }, { put: { pk: 'c', sk: '2' } }];

describe('transactions', () => {
  test('a collision is retried until the other writers are done', async () => {
    const { client, sent } = contended(3);
    const backoff = notedBackoff(5);
    const contendedTable = new Table({ client, name: table.name, epoch: 0, clock: table.clock, backoff });
    await contendedTable.transact(twoPuts);
    expect(sent()).toBe(4);
    expect(backoff.pauses).toEqual([1, 2, 3]);
  });

  test('collisions without end are given up after the attempts allowed', async () => {
    const { client, sent } = contended(100);
    const backoff = notedBackoff(4);
    const contendedTable = new Table({ client, name: table.name, epoch: 0, clock: table.clock, backoff });
    await expect(contendedTable.transact(twoPuts)).rejects.toThrow(TransactionConflict);
    expect(sent()).toBe(4);
  });

  test('refused conditions are named by their place, with what is there, and nothing is written', async () => {
    await table.put({ pk: 't', sk: '1', version: 4 });
    const refused = table.transact([
      { put: { pk: 't', sk: '0' } },
      { put: { pk: 't', sk: '1' }, condition: absent },
    ]);
    await expect(refused).rejects.toMatchObject({
      name: 'ConditionFailed',
      indexes: [1],
      existing: new Map([[1, { pk: 't', sk: '1', version: 4 }]]),
    });
    expect(await table.get({ pk: 't', sk: '0' })).toBeUndefined();
  });

  test('counters are added to blindly, whatever their names, beside plain attributes', async () => {
    const key = { pk: 'bucket#org#2026-11', sk: 'org#2026-11-23#0' };
    const add = { 'c.wonDeals': 1, 'q.dealSize.123': 2, version: 1 };
    await table.transact([{ update: { key, add, set: { type: 'bucket', size: undefined } } }]);
    await table.transact([{ update: { key, add: { ...add, 'c.wonDeals': -3 }, remove: ['type'] } }]);
    expect(await table.get(key)).toEqual({ ...key, 'c.wonDeals': -2, 'q.dealSize.123': 4, version: 2 });
  });

  test('one hundred writes go, one more is an error before anything is sent', async () => {
    const puts = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ put: { pk: 'hundred', sk: String(i) } }));
    await table.transact(puts(100));
    await expect(table.transact(puts(101))).rejects.toThrow(RangeError);
  });
});

test('what is newer replaces, what is older or the same does not: by epoch, then by version', async () => {
  const put = (epoch: number, version: number) =>
    table.put({ pk: 'n', sk: 'n', epoch, version }, newer({ epoch, version })).then(
      () => true,
      () => false,
    );
  expect(await put(0, 5)).toBe(true);
  expect(await put(0, 5)).toBe(false);
  expect(await put(0, 4)).toBe(false);
  expect(await put(1, 1)).toBe(true);
  expect(await put(0, 6)).toBe(false);
});

test('more than a hundred keys are read, repeated ones once', async () => {
  const keys = Array.from({ length: 130 }, (_, i) => ({ pk: 'many', sk: String(i) }));
  await table.transact(keys.slice(0, 70).map((put) => ({ put })));
  await table.transact(keys.slice(70, 125).map((put) => ({ put })));
  const items = await table.batchGet([...keys, ...keys]);
  expect(items).toHaveLength(125);
});

test('a query goes on over the 1 MB pages', async () => {
  for (let i = 0; i < 6; i += 1) await table.put({ pk: 'big', sk: String(i), text: 'x'.repeat(300_000) });
  const { items } = await table.query({ pk: 'big' });
  expect(items.map(({ sk }) => sk)).toEqual(['0', '1', '2', '3', '4', '5']);
  const limited = await table.query({ pk: 'big', limit: 5 });
  expect(limited.items).toHaveLength(5);
  const rest = await table.query({ pk: 'big', limit: 5, after: limited.lastKey });
  expect(rest.items.map(({ sk }) => sk)).toEqual(['5']);
  expect(rest.lastKey).toBeUndefined();
});

test('empty strings, nested undefined and reserved words are kept as they should be', async () => {
  const item = {
    pk: 'odd',
    sk: 'odd',
    name: '',
    status: { value: undefined, list: [] },
    size: 9_007_199_254_740_991,
  };
  await table.put(item);
  await table.update({ key: { pk: 'odd', sk: 'odd' }, set: { status: 'open', values: [1.25] } });
  expect(await table.get({ pk: 'odd', sk: 'odd' })).toEqual({ ...item, status: 'open', values: [1.25] });
});

describe('putting many items at once', () => {
  const many = Array.from({ length: 120 }, (_, n) => ({ pk: 'batch', sk: String(n).padStart(3, '0'), n }));

  test('writes them all, over whatever is there', async () => {
    await table.batchPut(many);
    await table.batchPut(many.map((item) => ({ ...item, n: item.n + 1 })));
    const { items } = await table.query({ pk: 'batch' });
    expect(items.map(({ n }) => n)).toEqual(many.map(({ n }) => n + 1));
  });

  test('tries again what DynamoDB leaves undone, and gives up in the end', async () => {
    const leavingUndone = (times: number) => {
      let sent = 0;
      const client: DynamoDBDocumentClient = new Proxy(dynoxide.client, {
        get: (target, name, receiver) =>
          name !== 'send'
            ? (Reflect.get(target, name, receiver) as unknown)
            : async (command: BatchWriteCommand) => {
                sent += 1;
                if (sent > times) return target.send(command);
                return { UnprocessedItems: command.input.RequestItems };
              },
      });
      return client;
    };
    const backoff = notedBackoff(3);
    const over = async (times: number) =>
      new Table({
        client: leavingUndone(times),
        name: table.name,
        epoch: 0,
        clock: table.clock,
        backoff,
      }).batchPut([{ pk: 'undone', sk: String(times) }]);
    await over(2);
    await expect(over(3)).rejects.toThrow('1 items unwritten');
    expect((await table.query({ pk: 'undone' })).items).toMatchObject([{ sk: '2' }]);
  });
});
