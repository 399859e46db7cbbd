import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { mapConcurrently } from '../concurrency/map-concurrently.ts';
import type { Clock } from '../time/instant.ts';
import {
  type Condition,
  conditionExpression,
  Placeholders,
  type Update,
  updateExpression,
} from './expressions.ts';
import { assertItemFits, type Item, type Key } from './item.ts';
import { type Backoff, defaultBackoff, retrying } from './retry.ts';
import { type TransactItem, transactEntry } from './transact-item.ts';
import { outcomeOfTransaction, outcomeOfWrite } from './write-outcome.ts';

export type IndexName = 'gsi1' | 'gsi2';

export interface TableOptions {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  /** Raised when the table is restored from a backup. */
  readonly epoch: number;
  readonly clock: Clock;
  readonly backoff?: Backoff | undefined;
  /** Told what each call cost, in DynamoDB's units. Asking for the figures costs nothing. */
  readonly onCapacity?: ((operation: string, units: number) => void) | undefined;
}

export interface TableQuery {
  /** The table's own key where absent. */
  readonly index?: IndexName | undefined;
  readonly pk: string;
  /** Of the sort key: a prefix, or a range with both ends included; either end may be left open. */
  readonly skPrefix?: string | undefined;
  readonly skFrom?: string | undefined;
  readonly skTo?: string | undefined;
  readonly limit?: number | undefined;
  /** The key to go on after, as a former page's `lastKey`. */
  readonly after?: Item | undefined;
  readonly descending?: boolean | undefined;
  /** Indexes are never read consistently; the table is, unless `false`. */
  readonly consistent?: boolean | undefined;
}

type BatchWrites = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

export interface Page<T> {
  readonly items: readonly T[];
  /** Present if there is more. */
  readonly lastKey?: Item;
}

/** DynamoDB's limits per call. */
const BATCH_GET_KEYS = 100;
const BATCH_WRITE_ITEMS = 25;
const TRANSACT_ITEMS = 100;

/** Batches of writes under way at once. */
const CONCURRENT_BATCHES = 8;

const consumedUnits = (consumed: ConsumedCapacity | ConsumedCapacity[] | undefined): number =>
  [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);

/** One service's table: typed calls, retries of what DynamoDB leaves undone, and typed errors for what it refuses. */
export class Table {
  readonly name: string;
  readonly epoch: number;
  readonly clock: Clock;
  readonly #client: DynamoDBDocumentClient;
  readonly #backoff: Backoff;
  readonly #onCapacity: TableOptions['onCapacity'];

  constructor({ client, name, epoch, clock, backoff = defaultBackoff, onCapacity }: TableOptions) {
    this.name = name;
    this.epoch = epoch;
    this.clock = clock;
    this.#client = client;
    this.#backoff = backoff;
    this.#onCapacity = onCapacity;
  }

  /** Strongly consistent unless told otherwise. */
  async get(
    key: Key,
    { consistent = true }: { readonly consistent?: boolean } = {},
  ): Promise<Item | undefined> {
    const answer = await this.#client.send(
      new GetCommand({ TableName: this.name, Key: { ...key }, ConsistentRead: consistent, ...this.#ask }),
    );
    this.#count('GetItem', answer.ConsumedCapacity);
    return answer.Item;
  }

  /** The items that exist among any number of keys, in no particular order; repeated keys are read once. */
  async batchGet(
    keys: readonly Key[],
    { consistent = true }: { readonly consistent?: boolean } = {},
  ): Promise<Item[]> {
    const unique = [...new Map(keys.map(({ pk, sk }) => [JSON.stringify([pk, sk]), { pk, sk }])).values()];
    const batches = Array.from({ length: Math.ceil(unique.length / BATCH_GET_KEYS) }, (_, index) =>
      unique.slice(index * BATCH_GET_KEYS, (index + 1) * BATCH_GET_KEYS),
    );
    const found = await Promise.all(batches.map((batch) => this.#batchGetAll(batch, consistent)));
    return found.flat();
  }

  /** Up to `limit` items (all, where absent), however many of DynamoDB's 1 MB pages that takes. */
  async query(query: TableQuery): Promise<Page<Item>> {
    const items: Item[] = [];
    let after = query.after;
    do {
      // One more than asked for tells whether there is a next page.
      const missing = query.limit === undefined ? undefined : query.limit + 1 - items.length;
      const answer = await this.#client.send(new QueryCommand(this.#queryInput(query, missing, after)));
      this.#count('Query', answer.ConsumedCapacity);
      items.push(...(answer.Items ?? []));
      after = answer.LastEvaluatedKey;
    } while (after !== undefined && (query.limit === undefined || items.length <= query.limit));
    if (query.limit === undefined || items.length <= query.limit) return { items };
    const page = items.slice(0, query.limit);
    const last = page.at(-1);
    return last === undefined ? { items: page } : { items: page, lastKey: keyOf(last, query.index) };
  }

  /** @throws ConditionFailed, TransactionConflict, TooLarge */
  async put(item: Item, condition?: Condition): Promise<void> {
    assertItemFits('item', item);
    const use = new Placeholders();
    const expression = condition && conditionExpression(condition, use);
    await this.#write('PutItem', () =>
      this.#client.send(
        new PutCommand({
          TableName: this.name,
          Item: item,
          ...conditional(expression),
          ...use.attributes(),
          ...this.#ask,
        }),
      ),
    );
  }

  /**
   * Puts any number of items, each of another key, over whatever is there. What DynamoDB leaves undone is tried again; a
   * failure may leave some of them written. @throws TooLarge
   */
  async batchPut(items: readonly Item[]): Promise<void> {
    for (const item of items) assertItemFits('item', item);
    const batches = Array.from({ length: Math.ceil(items.length / BATCH_WRITE_ITEMS) }, (_, index) =>
      items.slice(index * BATCH_WRITE_ITEMS, (index + 1) * BATCH_WRITE_ITEMS),
    );
    await mapConcurrently(batches, CONCURRENT_BATCHES, async (batch) => this.#batchPutAll(batch));
  }

  /** Changes single attributes; makes the item if it is absent. @throws ConditionFailed, TransactionConflict, TooLarge */
  async update(update: Update, condition?: Condition): Promise<void> {
    const use = new Placeholders();
    const input = {
      TableName: this.name,
      Key: { ...update.key },
      UpdateExpression: updateExpression(update, use),
      ...conditional(condition && conditionExpression(condition, use)),
      ...use.attributes(),
      ...this.#ask,
    };
    await this.#write('UpdateItem', () => this.#client.send(new UpdateCommand(input)));
  }

  /**
   * All of the writes or none; at most 100, each of another item. Collisions with other writers are retried with
   * jitter. Retries after a lost answer are safe: the SDK repeats the request's token.
   * @throws ConditionFailed with the indexes of the writes that were refused; TransactionConflict; TooLarge
   */
  async transact(items: readonly TransactItem[]): Promise<void> {
    if (items.length === 0) return;
    if (items.length > TRANSACT_ITEMS)
      throw new RangeError(`A transaction of ${items.length} writes; DynamoDB takes ${TRANSACT_ITEMS}.`);
    const TransactItems = items.map((item) => transactEntry(this.name, item));
    await retrying(this.#backoff, outcomeOfTransaction, async () => {
      const answer = await this.#client.send(new TransactWriteCommand({ TransactItems, ...this.#ask }));
      this.#count('TransactWriteItems', answer.ConsumedCapacity);
    });
  }

  async #batchGetAll(keys: readonly Key[], consistent: boolean): Promise<Item[]> {
    const items: Item[] = [];
    let pending: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
    for (let attempt = 0; pending.length > 0; attempt += 1) {
      if (attempt > 0) await this.#backoff.pause(attempt);
      if (attempt >= this.#backoff.attempts)
        throw new Error(`DynamoDB left ${pending.length} keys unread, again and again.`);
      const answer = await this.#client.send(
        new BatchGetCommand({
          RequestItems: { [this.name]: { Keys: pending, ConsistentRead: consistent } },
          ...this.#ask,
        }),
      );
      this.#count('BatchGetItem', answer.ConsumedCapacity);
      items.push(...(answer.Responses?.[this.name] ?? []));
      pending = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return items;
  }

  async #batchPutAll(items: readonly Item[]): Promise<void> {
    let pending: BatchWrites = items.map((Item) => ({ PutRequest: { Item } }));
    for (let attempt = 0; pending.length > 0; attempt += 1) {
      if (attempt > 0) await this.#backoff.pause(attempt);
      if (attempt >= this.#backoff.attempts)
        throw new Error(`DynamoDB left ${pending.length} items unwritten, again and again.`);
      const answer = await this.#client.send(
        new BatchWriteCommand({ RequestItems: { [this.name]: pending }, ...this.#ask }),
      );
      this.#count('BatchWriteItem', answer.ConsumedCapacity);
      pending = answer.UnprocessedItems?.[this.name] ?? [];
    }
  }

  async #write(
    operation: string,
    send: () => Promise<{ readonly ConsumedCapacity?: ConsumedCapacity | undefined }>,
  ): Promise<void> {
    await retrying(this.#backoff, outcomeOfWrite, async () =>
      this.#count(operation, (await send()).ConsumedCapacity),
    );
  }

  #queryInput(query: TableQuery, limit: number | undefined, after: Item | undefined): QueryCommandInput {
    const use = new Placeholders();
    const prefix = query.index ?? '';
    const conditions = [`${use.name(`${prefix}pk`)} = ${use.value(query.pk)}`];
    const sk = `${prefix}sk`;
    if (query.skPrefix !== undefined && query.skPrefix !== '')
      conditions.push(`begins_with(${use.name(sk)}, ${use.value(query.skPrefix)})`);
    else if (query.skFrom !== undefined && query.skTo !== undefined)
      conditions.push(`${use.name(sk)} BETWEEN ${use.value(query.skFrom)} AND ${use.value(query.skTo)}`);
    else if (query.skFrom !== undefined) conditions.push(`${use.name(sk)} >= ${use.value(query.skFrom)}`);
    else if (query.skTo !== undefined) conditions.push(`${use.name(sk)} <= ${use.value(query.skTo)}`);
    return {
      TableName: this.name,
      IndexName: query.index,
      KeyConditionExpression: conditions.join(' AND '),
      ...use.attributes(),
      Limit: limit,
      ExclusiveStartKey: after && { ...after },
      ScanIndexForward: query.descending !== true,
      ConsistentRead: query.index === undefined && query.consistent !== false,
      ...this.#ask,
    };
  }

  get #ask(): { ReturnConsumedCapacity?: 'TOTAL' } {
    return this.#onCapacity === undefined ? {} : { ReturnConsumedCapacity: 'TOTAL' };
  }

  #count(operation: string, consumed: ConsumedCapacity | ConsumedCapacity[] | undefined): void {
    this.#onCapacity?.(operation, consumedUnits(consumed));
  }
}

const conditional = (expression: string | undefined) =>
  expression === undefined
    ? {}
    : { ConditionExpression: expression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };

/** What DynamoDB would call the LastEvaluatedKey at this item. */
const keyOf = (item: Item, index: IndexName | undefined): Item => {
  const names = index === undefined ? ['pk', 'sk'] : ['pk', 'sk', `${index}pk`, `${index}sk`];
  return Object.fromEntries(names.map((name) => [name, item[name]]));
};
