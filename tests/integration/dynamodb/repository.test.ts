import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { AlreadyExists, NotFound, PreconditionFailed, TooLarge } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { event } from '../../../shared/events/contract.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';

const Quote = z.object({ id: z.string(), title: z.string(), owner: z.string().optional() });
type Quote = z.infer<typeof Quote>;

const QuoteSent = event({
  service: 'deals',
  name: 'QuoteSent',
  major: 1,
  description: 'A quote went out.',
  data: Quote,
});
const QuoteRead = event({
  service: 'deals',
  name: 'QuoteRead',
  major: 1,
  description: 'A quote was read.',
  data: Quote.extend({ reader: z.string() }),
});

const quoteEntity = defineEntity<Quote>({
  type: 'quote',
  schema: Quote,
  key: (id) => ({ pk: `quote#${id}`, sk: 'state' }),
  indexes: ({ id, owner }) => ({ gsi1pk: owner && `owner#${owner}`, gsi1sk: id }),
});
const cause: Cause = { correlationId: 'req-1', actor: 'client:test' };

let dynoxide: Dynoxide;
let table: Table;
let quotes: Repository<Quote>;

const rawItem = async (id: string) => {
  const { Item } = await dynoxide.client.send(
    new GetCommand({ TableName: table.name, Key: quoteEntity.key(id) }),
  );
  return Item;
};

beforeAll(async () => {
  dynoxide = await startDynoxide();
  table = await dynoxide.table({ epoch: 3 });
  quotes = new Repository(table, quoteEntity, cause);
});
afterAll(() => dynoxide.stop());

describe('one write holds the state and its events', () => {
  test('a creation keeps the event on the item, with the id that it will be published under', async () => {
    const stored = await quotes.create({ id: 'a', title: 'Pasta' }, QuoteSent);
    expect(stored).toEqual({ id: 'a', title: 'Pasta', version: 1 });
    const item = await rawItem('a');
    expect(item).toMatchObject({ type: 'quote', version: 1, epoch: 3, data: { id: 'a', title: 'Pasta' } });
    const outboxId: unknown = item?.outboxId;
    expect(item?.outbox).toMatchObject([
      { id: outboxId, type: 'QuoteSent.v1', correlationId: 'req-1', actor: 'client:test' },
    ]);
  });

  test('a later write replaces the outbox, and one without events removes it', async () => {
    const first = await quotes.create({ id: 'b', title: 'Pasta' }, QuoteSent);
    const second = await quotes.save({ ...first, title: 'Sauce' }, [
      { contract: QuoteRead, change: { reader: 'Ada' } },
      QuoteSent,
    ]);
    const afterSecond = await rawItem('b');
    expect(afterSecond?.outbox).toMatchObject([
      { type: 'QuoteRead.v1', change: { reader: 'Ada' } },
      { type: 'QuoteSent.v1' },
    ]);
    const third = await quotes.save({ ...second, title: 'Oil' });
    expect(third.version).toBe(3);
    const afterThird = await rawItem('b');
    expect(afterThird).not.toHaveProperty('outbox');
    expect(afterThird).not.toHaveProperty('outboxId');
  });

  test('an event that does not fit its contract stops the write', async () => {
    await expect(quotes.create({ id: 'c', title: 'Pasta' }, { contract: QuoteRead })).rejects.toThrow(
      z.ZodError,
    );
    expect(await rawItem('c')).toBeUndefined();
  });

  test('an item over 400 KB is refused before it is sent', async () => {
    await expect(quotes.create({ id: 'd', title: 'x'.repeat(410_000) }, QuoteSent)).rejects.toThrow(TooLarge);
  });
});

describe('two writers never silently overwrite one another', () => {
  test('the second of two who read the same version is told', async () => {
    const read = await quotes.create({ id: 'lock', title: 'Pasta' }, QuoteSent);
    const outcomes = await Promise.allSettled([
      quotes.save({ ...read, title: 'Mine' }, QuoteSent),
      quotes.save({ ...read, title: 'Yours' }, QuoteSent),
    ]);
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toBeInstanceOf(PreconditionFailed);
    expect((await quotes.get('lock')).version).toBe(2);
  });

  test('creating twice gives what is there, with the hash of the request that made it', async () => {
    await quotes.create({ id: 'twice', title: 'First' }, QuoteSent, { requestHash: 'hash-1' });
    await quotes.save({ ...(await quotes.get('twice')), title: 'Changed' }, QuoteSent);
    const error: unknown = await quotes
      .create({ id: 'twice', title: 'Second' }, QuoteSent)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AlreadyExists);
    expect(error).toMatchObject({
      requestHash: 'hash-1',
      existing: { id: 'twice', title: 'Changed', version: 2 },
    });
  });

  test('a retry that meets its own write counts as done', async () => {
    // The client answers the first call's success with a lost connection, as a real network may.
    let calls = 0;
    const send = dynoxide.client.send.bind(dynoxide.client);
    const lossy = new Proxy(dynoxide.client, {
      get: (target, name, receiver) =>
        name === 'send'
          ? async (command: Parameters<typeof send>[0]) => {
              calls += 1;
              await send(command);
              return send(command);
            }
          : (Reflect.get(target, name, receiver) as unknown),
    });
    const table2 = await dynoxide.table({ client: lossy });
    const created = await new Repository(table2, quoteEntity, cause).create(
      { id: 'r', title: 'Pasta' },
      QuoteSent,
    );
    expect(created.version).toBe(1);
    const saved = await new Repository(table2, quoteEntity, cause).save(
      { ...created, title: 'Sauce' },
      QuoteSent,
    );
    expect(saved.version).toBe(2);
    expect(calls).toBe(2);
  });

  test('a version asked for that is not there any more is refused', async () => {
    await quotes.create({ id: 'match', title: 'Pasta' }, QuoteSent);
    await expect(quotes.get('match', { ifMatch: 1 })).resolves.toMatchObject({ version: 1 });
    await expect(quotes.get('match', { ifMatch: 2 })).rejects.toThrow(PreconditionFailed);
    await expect(quotes.get('none')).rejects.toThrow(NotFound);
  });

  test('two creations in transactions: one wins', async () => {
    const write = quotes.writeFor({ id: 'tx', title: 'Pasta' }, QuoteSent);
    await table.transact([write, { put: { pk: 'other', sk: '1' } }]);
    await expect(table.transact([write, { put: { pk: 'other', sk: '2' } }])).rejects.toMatchObject({
      indexes: [0],
    });
    expect(await table.get({ pk: 'other', sk: '2' })).toBeUndefined();
    const next = quotes.writeFor({ ...(await quotes.get('tx')), title: 'Oil' });
    await table.transact([next]);
    expect(await quotes.get('tx')).toEqual({ id: 'tx', title: 'Oil', version: 2 });
  });
});

describe('reading many', () => {
  test('an index is read page by page, in both directions, and the last page says so', async () => {
    for (let n = 0; n < 7; n += 1)
      await quotes.create({ id: `p${n}`, title: 'Pasta', owner: 'ada' }, QuoteSent);
    const ids: string[][] = [];
    let cursor: Readonly<Record<string, unknown>> | undefined;
    do {
      const page = await quotes.queryIndex('gsi1', 'owner#ada', { limit: 3, cursor });
      ids.push(page.items.map(({ id }) => id));
      cursor = page.lastKey;
    } while (cursor !== undefined);
    expect(ids).toEqual([['p0', 'p1', 'p2'], ['p3', 'p4', 'p5'], ['p6']]);
    const backwards = await quotes.queryIndex('gsi1', 'owner#ada', {
      descending: true,
      limit: 2,
      skTo: 'p5',
    });
    expect(backwards.items.map(({ id }) => id)).toEqual(['p5', 'p4']);
    const between = await quotes.queryIndex('gsi1', 'owner#ada', { skFrom: 'p2', skTo: 'p4' });
    expect(between.items).toHaveLength(3);
    expect(between).not.toHaveProperty('lastKey');
  });

  test('an entity that loses its index keys leaves the index', async () => {
    const { version } = await quotes.create({ id: 'gone', title: 'Pasta', owner: 'bob' }, QuoteSent);
    await quotes.save({ id: 'gone', title: 'Pasta', version }, QuoteSent);
    expect((await quotes.queryIndex('gsi1', 'owner#bob')).items).toEqual([]);
  });

  test('getMany gives those that exist, by id', async () => {
    await quotes.create({ id: 'm1', title: 'Pasta' }, QuoteSent);
    const found = await quotes.getMany(['m1', 'm2', 'm1']);
    expect([...found.keys()]).toEqual(['m1']);
  });
});
