import { emailKey, nameKey } from '../../../shared/directory/name-key.ts';
import { indexKeysOf, type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import { absent, equals } from '../../../shared/dynamodb/expressions.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, Conflict, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { MemberState } from '../../../shared/events/team.ts';
import { MEMBERS, memberEntity } from './entities.ts';

/** Says whose an e-mail address is; its key holds it unique. */
const emailItemKey = (email: string): Key => ({ pk: `email#${emailKey(email)}`, sk: 'owner' });

const emailTaken = (email: string) =>
  new Conflict(`The e-mail address ${email} belongs to another member.`, [
    { path: '/email', message: 'belongs to another member' },
  ]);

const PAGE = 200;

/** Members, each with the reservation of its e-mail address, written together. */
export class Members {
  readonly #table: Table;
  readonly #repository: Repository<MemberState>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#repository = new Repository(table, memberEntity, cause);
  }

  /** Throws NotFound; PreconditionFailed if it is not at version `ifMatch`. */
  async get(
    id: string,
    options: { readonly ifMatch?: number | undefined } = {},
  ): Promise<Stored<MemberState>> {
    return this.#repository.get(id, options);
  }

  async find(id: string): Promise<Stored<MemberState> | undefined> {
    return this.#repository.find(id);
  }

  /** Without regard to case. */
  async findByEmail(email: string): Promise<Stored<MemberState> | undefined> {
    const owner = await this.#table.get(emailItemKey(email));
    return owner && this.find(String(owner.memberId));
  }

  /** Throws AlreadyExists if the id is taken, Conflict if the e-mail address is. */
  async create(
    member: MemberState,
    event: OutboxEvent,
    options: { readonly requestHash?: string } = {},
  ): Promise<Stored<MemberState>> {
    if (member.email === undefined) return this.#repository.create(member, event, options);
    try {
      await this.#table.transact([
        this.#repository.writeFor(member, event, options),
        reserve(member.email, member.id),
      ]);
      return { ...member, version: 1 };
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const existing = error.existing.get(0);
      if (existing === undefined) throw emailTaken(member.email);
      const { requestHash } = existing;
      throw new AlreadyExists(
        `member ${member.id}`,
        storedFrom<MemberState>(existing),
        typeof requestHash === 'string' ? requestHash : undefined,
      );
    }
  }

  /** `before` is what was read. Throws PreconditionFailed if it has changed since, Conflict if the e-mail is taken. */
  async save(
    before: Stored<MemberState>,
    after: Stored<MemberState>,
    event: OutboxEvent,
  ): Promise<Stored<MemberState>> {
    const emails = emailChanges(before, after);
    if (emails.length === 0) return this.#repository.save(after, event);
    try {
      await this.#table.transact([this.#repository.writeFor(after, event), ...emails]);
      return { ...after, version: after.version + 1 };
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (!error.indexes.includes(0) && after.email !== undefined) throw emailTaken(after.email);
      throw new PreconditionFailed(`The member ${after.id} was changed by someone else meanwhile.`);
    }
  }

  /** Everyone, by name. */
  async all(): Promise<readonly Stored<MemberState>[]> {
    return (await this.#repository.queryIndex('gsi1', MEMBERS)).items;
  }

  /** By name, which begins with `name` if given; only whom `wanted` lets through. Reads on until the page is full. */
  async list(query: {
    readonly name?: string | undefined;
    readonly wanted: (member: MemberState) => boolean;
    readonly limit: number;
    readonly cursor?: Item | undefined;
  }): Promise<{ readonly items: readonly Stored<MemberState>[]; readonly lastKey?: Item }> {
    const found: Stored<MemberState>[] = [];
    let cursor = query.cursor;
    do {
      const page = await this.#repository.queryIndex('gsi1', MEMBERS, {
        skPrefix: query.name === undefined ? undefined : nameKey(query.name),
        limit: PAGE,
        cursor,
      });
      found.push(...page.items.filter(query.wanted));
      cursor = page.lastKey;
    } while (cursor !== undefined && found.length <= query.limit);
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return found.length > query.limit && last !== undefined
      ? { items, lastKey: positionOf(last) }
      : { items };
  }
}

const positionOf = (member: MemberState): Item => {
  const { gsi1pk, gsi1sk } = indexKeysOf(memberEntity, member);
  return { ...memberEntity.key(member.id), gsi1pk, gsi1sk };
};

const reserve = (email: string, memberId: string): TransactItem => ({
  put: { ...emailItemKey(email), type: 'email', memberId },
  condition: absent,
});

const emailChanges = (before: MemberState, after: MemberState): TransactItem[] => {
  if (before.email === after.email) return [];
  const isSame =
    before.email !== undefined &&
    after.email !== undefined &&
    emailKey(before.email) === emailKey(after.email);
  if (isSame) return [];
  return [
    ...(before.email === undefined
      ? []
      : [{ remove: emailItemKey(before.email), condition: equals({ memberId: before.id }) }]),
    ...(after.email === undefined ? [] : [reserve(after.email, after.id)]),
  ];
};
