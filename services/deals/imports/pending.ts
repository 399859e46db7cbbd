import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Identified, Stored } from '../../../shared/dynamodb/entity.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import { changedFields } from '../../../shared/imports/changed-fields.ts';
import type { RowOutcome } from '../../../shared/imports/kind.ts';

const CONCURRENCY = 32;

const changedMeanwhile: RowOutcome<never> = {
  outcome: 'deferred',
  message: 'someone else changed it at the same time; import the row again',
};

/**
 * What a page of rows makes of its entities, to be written once per entity, however many rows speak of it.
 */
export class Pending<T extends Identified> {
  readonly #stored: ReadonlyMap<string, Stored<T>>;
  readonly #changed = new Map<
    string,
    { readonly entity: T; readonly event: OutboxEvent; readonly also: readonly TransactItem[] }
  >();

  /** `stored` holds the entities as they are in the table. */
  constructor(stored: ReadonlyMap<string, Stored<T>>) {
    this.#stored = stored;
  }

  get(id: string): T | undefined {
    return this.#changed.get(id)?.entity ?? this.#stored.get(id);
  }

  /** As it is in the table, before this page. */
  stored(id: string): T | undefined {
    return this.#stored.get(id);
  }

  /** Takes in a row's result; what is the same object as before is unchanged. `also` is written together with it. */
  put(entity: T, event: OutboxEvent, also: readonly TransactItem[] = []): RowOutcome<never> {
    const { id } = entity;
    const before = this.get(id);
    if (before === entity) return { outcome: 'unchanged' };
    this.#changed.set(id, { entity, event, also });
    if (before === undefined) return { outcome: 'created', id };
    return { outcome: 'updated', id, changes: changedFields(before, entity) };
  }

  /** Writes what has changed; answers the ids that another writer was faster with. */
  async write(repository: Pick<Repository<T>, 'create' | 'save'>): Promise<ReadonlySet<string>> {
    const failed = new Set<string>();
    await mapConcurrently([...this.#changed.values()], CONCURRENCY, async ({ entity, event, also }) => {
      const version = this.#stored.get(entity.id)?.version;
      try {
        await (version === undefined
          ? repository.create(entity, event, { also })
          : repository.save({ ...entity, version }, event, { also }));
      } catch (error) {
        if (!(error instanceof AlreadyExists || error instanceof PreconditionFailed)) throw error;
        failed.add(entity.id);
      }
    });
    return failed;
  }
}

/** What became of a row, and which entity it was about. */
export interface Taken<Field extends string> {
  readonly id: string | undefined;
  readonly outcome: RowOutcome<Field>;
}

/** The rows' outcomes after the write: those of an entity that couldn't be written are to be handed in again. */
export const outcomes = <Field extends string>(
  taken: readonly Taken<Field>[],
  failed: ReadonlySet<string>,
): RowOutcome<Field>[] =>
  taken.map(({ id, outcome }) => (id !== undefined && failed.has(id) ? changedMeanwhile : outcome));
