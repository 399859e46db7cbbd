import { nameKey } from '../../../shared/directory/name-key.ts';
import { defineEntity, indexKeysOf, type Stored } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { NotFound } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { CandidateChanged, type CandidateStage } from '../../../shared/events/people.ts';
import type { MemberId } from '../../../shared/ids/id.ts';
import { createOnce } from '../../../shared/http/idempotency.ts';
import { CandidateState, hasExpired } from '../domain/candidate.ts';

const ALL = 'candidates';
const inStage = (stage: CandidateStage) => `${ALL}#${stage}`;

export const candidateEntity = defineEntity<CandidateState>({
  type: 'candidate',
  schema: CandidateState,
  key: (id) => ({ pk: `candidate#${id}`, sk: 'state' }),
  indexes: ({ name, stage }) => ({
    gsi1pk: ALL,
    gsi1sk: nameKey(name),
    gsi2pk: inStage(stage),
    gsi2sk: nameKey(name),
  }),
  expiresAt: ({ expiresAt }) =>
    expiresAt === undefined ? undefined : Math.floor(Date.parse(expiresAt) / 1000),
});

const PAGE = 100;

/** Candidates; one whose time has run out is gone, whether DynamoDB has come to it or not. */
export class Candidates {
  readonly #table: Table;
  readonly #repository: Repository<CandidateState>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#repository = new Repository(table, candidateEntity, cause);
  }

  /** Throws NotFound. */
  async get(id: string): Promise<Stored<CandidateState>> {
    const candidate = await this.#repository.get(id);
    if (hasExpired(candidate, this.#table.clock.now())) throw new NotFound(`candidate ${id}`);
    return candidate;
  }

  /** Whom the member was hired as; undefined for one who was added otherwise. */
  async hiredAs(memberId: MemberId): Promise<Stored<CandidateState> | undefined> {
    const wanted = async (each: CandidateState) => Promise.resolve(each.memberId === memberId);
    const { items } = await this.list({ stage: 'hired', wanted, limit: 1 });
    return items[0];
  }

  /** See `createOnce` for repeated requests. */
  async create(
    candidate: CandidateState,
    request: Parameters<typeof createOnce>[2],
  ): Promise<Stored<CandidateState>> {
    return createOnce(this.#repository, candidate, request, CandidateChanged);
  }

  /** Throws PreconditionFailed if the candidate has changed since it was read. */
  async save(candidate: Stored<CandidateState>): Promise<Stored<CandidateState>> {
    return this.#repository.save(candidate, CandidateChanged);
  }

  /**
   * By name, which begins with `name` if given. Reads on until the page is full; goes on after the last one answered, so that
   * no cursor holds the name of one whom the caller may not see.
   */
  async list(query: {
    readonly stage?: CandidateStage | undefined;
    readonly name?: string | undefined;
    readonly wanted: (candidate: CandidateState) => Promise<boolean>;
    readonly limit: number;
    readonly cursor?: Item | undefined;
  }): Promise<{ readonly items: readonly Stored<CandidateState>[]; readonly lastKey?: Item }> {
    const { stage, limit } = query;
    const [index, pk] = stage === undefined ? (['gsi1', ALL] as const) : (['gsi2', inStage(stage)] as const);
    const now = this.#table.clock.now();
    const found: Stored<CandidateState>[] = [];
    let cursor = query.cursor;
    do {
      const page = await this.#repository.queryIndex(index, pk, {
        skPrefix: query.name === undefined ? undefined : nameKey(query.name),
        limit: PAGE,
        cursor,
      });
      for (const each of page.items)
        if (!hasExpired(each, now) && (await query.wanted(each))) found.push(each);
      cursor = page.lastKey;
    } while (cursor !== undefined && found.length <= limit);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined
      ? { items, lastKey: positionOf(index, last) }
      : { items };
  }
}

const positionOf = (index: 'gsi1' | 'gsi2', candidate: CandidateState): Item => {
  const keys = indexKeysOf(candidateEntity, candidate);
  return {
    ...candidateEntity.key(candidate.id),
    [`${index}pk`]: keys[`${index}pk`],
    [`${index}sk`]: keys[`${index}sk`],
  };
};
