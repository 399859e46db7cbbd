import { nameKey } from '../../../shared/directory/name-key.ts';

/** An entity before and after; `before` is undefined for a new one. */
export interface ShelfChange<T> {
  readonly before: T | undefined;
  readonly after: T;
}

/** Entities in memory, found by whatever people call them, that remembers what has changed since it was last asked. */
export class Shelf<T extends { readonly id: string }> {
  readonly #byId = new Map<string, T>();
  readonly #index = new Map<string, Set<string>>();
  readonly #before = new Map<string, T | undefined>();
  #revision = 0;
  readonly #namesOf: (entity: T) => readonly string[];

  /** `namesOf` says what an entity may be called, beside its id; case and doubled spaces don't matter. */
  constructor(entities: readonly T[], namesOf: (entity: T) => readonly string[]) {
    this.#namesOf = namesOf;
    for (const entity of entities) this.#keep(entity);
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  /** Everything that is called so. */
  find(reference: string): T[] {
    const key = nameKey(reference);
    return [...(this.#index.get(key) ?? [])]
      .flatMap((id) => this.#byId.get(id) ?? [])
      .filter((entity) => this.#keys(entity).includes(key));
  }

  /** Adds the entity, or puts it in the place of what it was; an equal one changes nothing. */
  put(entity: T): T {
    // States are plain JSON, and changed ones are made by spreading: equal ones have their fields in the same order.
    if (JSON.stringify(this.#byId.get(entity.id)) === JSON.stringify(entity)) return entity;
    this.#revision += 1;
    if (!this.#before.has(entity.id)) this.#before.set(entity.id, this.#byId.get(entity.id));
    this.#keep(entity);
    return entity;
  }

  /** Rises with every change. */
  get revision(): number {
    return this.#revision;
  }

  /** What has changed since the last time. */
  takeChanges(): ShelfChange<T>[] {
    const changes = [...this.#before].flatMap(([id, before]) => {
      const after = this.#byId.get(id);
      return after === undefined ? [] : [{ before, after }];
    });
    this.#before.clear();
    return changes;
  }

  #keep(entity: T): void {
    this.#byId.set(entity.id, entity);
    for (const key of this.#keys(entity)) {
      const ids = this.#index.get(key) ?? new Set<string>();
      this.#index.set(key, ids.add(entity.id));
    }
  }

  #keys(entity: T): string[] {
    return [entity.id, ...this.#namesOf(entity)].map(nameKey);
  }
}
