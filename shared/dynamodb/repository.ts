import { isDeepStrictEqual } from 'node:util';
import { AlreadyExists, NotFound, PreconditionFailed } from '../errors/errors.ts';
import type { Cause } from '../events/cause.ts';
import {
  type Entity,
  type Identified,
  indexAttributes,
  indexKeysOf,
  type Stored,
  storedFrom,
} from './entity.ts';
import { absent, equals, type Update } from './expressions.ts';
import { assertItemFits, type Item } from './item.ts';
import { assertPublishable, outboxAttributes, type OutboxEvent, outboxOf } from './outbox.ts';
import type { IndexName, Page, Table } from './table.ts';
import type { TransactItem } from './transact-item.ts';
import { ConditionFailed } from './write-errors.ts';

type Events = OutboxEvent | readonly OutboxEvent[];

export interface IndexQuery {
  readonly skPrefix?: string | undefined;
  /** Both ends are included. */
  readonly skFrom?: string | undefined;
  readonly skTo?: string | undefined;
  readonly limit?: number | undefined;
  /** A former page's `lastKey`. */
  readonly cursor?: Item | undefined;
  readonly descending?: boolean | undefined;
}

/** Writes and checks of other items that happen together with an entity's, or not at all. */
interface Also {
  readonly also?: readonly TransactItem[] | undefined;
}

/** The entity itself is as it was read, but a check that was to be made together with its write did not hold. */
export class OthersChanged extends PreconditionFailed {}

/** What one write does to an item, and the entity as it is afterwards. */
interface Write<T> {
  readonly stored: Stored<T>;
  readonly attributes: Item;
  readonly remove: readonly string[];
}

/** Entities of one kind, each written in one item together with the events that the write causes. */
export class Repository<T extends Identified> {
  readonly #table: Table;
  readonly #entity: Entity<T>;
  readonly #cause: Cause;

  constructor(table: Table, entity: Entity<T>, cause: Cause) {
    this.#table = table;
    this.#entity = entity;
    this.#cause = cause;
  }

  async find(id: string): Promise<Stored<T> | undefined> {
    const item = await this.#table.get(this.#entity.key(id));
    return item && storedFrom<T>(item);
  }

  /** @throws NotFound; PreconditionFailed if it is not at version `ifMatch` */
  async get(id: string, { ifMatch }: { readonly ifMatch?: number | undefined } = {}): Promise<Stored<T>> {
    const stored = await this.find(id);
    if (stored === undefined) throw new NotFound(`${this.#entity.type} ${id}`);
    if (ifMatch !== undefined && ifMatch !== stored.version)
      throw new PreconditionFailed(
        `The ${this.#entity.type} is at version ${stored.version}, not ${ifMatch}.`,
      );
    return stored;
  }

  /** Those that exist, by id. */
  async getMany(ids: readonly string[]): Promise<Map<string, Stored<T>>> {
    const items = await this.#table.batchGet(ids.map((id) => this.#entity.key(id)));
    return new Map(items.map((item) => storedFrom<T>(item)).map((stored) => [stored.id, stored]));
  }

  /**
   * Writes it at version 1, if its id is free.
   * @throws AlreadyExists with the stored one and the hash of the request that made it; OthersChanged; TooLarge
   */
  async create(
    entity: T,
    events: Events,
    { requestHash, also = [] }: { readonly requestHash?: string | undefined } & Also = {},
  ): Promise<Stored<T>> {
    const write = this.#write(entity, 0, events, requestHash);
    try {
      await (also.length === 0
        ? this.#table.put(write.attributes, absent)
        : this.#together({ put: write.attributes, condition: absent }, also));
    } catch (error) {
      const existing = existingItem(error);
      if (existing === undefined) throw error;
      if (!isSameWrite(existing, write.attributes))
        throw new AlreadyExists(
          `${this.#entity.type} ${entity.id}`,
          storedFrom<T>(existing),
          typeof existing.requestHash === 'string' ? existing.requestHash : undefined,
        );
    }
    return write.stored;
  }

  /** Writes it, if nobody has since it was read. @throws PreconditionFailed, of which OthersChanged is one; TooLarge */
  async save(entity: Stored<T>, events: Events = [], { also = [] }: Also = {}): Promise<Stored<T>> {
    const { version } = entity;
    const write = this.#write(entity, version, events);
    try {
      const [update, condition] = [this.#updateOf(write), equals({ version })];
      await (also.length === 0
        ? this.#table.update(update, condition)
        : this.#together({ update, condition }, also));
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const existing = existingItem(error);
      if (existing === undefined || !isSameWrite(existing, write.attributes))
        throw new PreconditionFailed(
          `The ${this.#entity.type} ${entity.id} was changed by someone else meanwhile.`,
        );
    }
    return write.stored;
  }

  /**
   * The write alone, for a transaction with others. An entity that was read is saved at its next version, one that was
   * not is created.
   */
  writeFor(
    entity: T | Stored<T>,
    events: Events = [],
    { requestHash }: { readonly requestHash?: string | undefined } = {},
  ): TransactItem {
    if (!isStored(entity))
      return { put: this.#write(entity, 0, events, requestHash).attributes, condition: absent };
    const write = this.#write(entity, entity.version, events);
    return { update: this.#updateOf(write), condition: equals({ version: entity.version }) };
  }

  /** Entities under one key of an index, by its sort key. Eventually consistent. */
  async queryIndex(index: IndexName, pk: string, query: IndexQuery = {}): Promise<Page<Stored<T>>> {
    const { cursor, ...rest } = query;
    const { items, ...page } = await this.#table.query({ index, pk, after: cursor, ...rest });
    return { ...page, items: items.map((item) => storedFrom<T>(item)) };
  }

  async #together(own: TransactItem, also: readonly TransactItem[]): Promise<void> {
    try {
      await this.#table.transact([own, ...also]);
    } catch (error) {
      if (!(error instanceof ConditionFailed) || error.indexes.includes(0)) throw error;
      throw new OthersChanged(`What the ${this.#entity.type} goes by was changed by someone else meanwhile.`);
    }
  }

  #write(entity: T, readAt: number, events: Events, requestHash?: string): Write<T> {
    const { type, key, schema, expiresAt, project } = this.#entity;
    const data = schema.parse(withoutVersion(entity));
    assertPublishable(events, project?.(data) ?? data);
    const version = readAt + 1;
    const attributes: Item = {
      ...key(entity.id),
      ...indexKeysOf(this.#entity, data),
      type,
      version,
      epoch: this.#table.epoch,
      data,
      ...outboxOf(events, this.#cause, this.#table.clock),
      requestHash,
      expiresAt: expiresAt?.(data),
    };
    assertItemFits(type, attributes);
    const remove = [...indexAttributes, ...outboxAttributes, 'expiresAt'].filter(
      (name) => attributes[name] === undefined,
    );
    return { stored: { ...data, version }, attributes, remove };
  }

  /** An update rather than a put, so that the request's hash outlives the first version. */
  #updateOf({ attributes, stored, remove }: Write<T>): Update {
    const kept = ['pk', 'sk', 'requestHash'];
    const set = Object.fromEntries(Object.entries(attributes).filter(([name]) => !kept.includes(name)));
    return { key: this.#entity.key(stored.id), set, remove };
  }
}

const isStored = <T extends Identified>(entity: T | Stored<T>): entity is Stored<T> => 'version' in entity;

const withoutVersion = (entity: Identified): object =>
  Object.fromEntries(Object.entries(entity).filter(([name]) => name !== 'version'));

const existingItem = (error: unknown): Item | undefined =>
  error instanceof ConditionFailed ? error.existing.get(0) : undefined;

/**
 * Whether the item there is what this very call wrote: its answer was lost, and the SDK's retry then met it.
 * Event ids tell for sure; without events the same data at the same version is as good.
 */
const isSameWrite = (existing: Item, written: Item): boolean =>
  existing.version === written.version &&
  existing.outboxId === written.outboxId &&
  (written.outboxId !== undefined || isDeepStrictEqual(existing.data, written.data));
