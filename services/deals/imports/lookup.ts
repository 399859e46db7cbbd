import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import type { Identified, Stored } from '../../../shared/dynamodb/entity.ts';
import type { Repository } from '../../../shared/dynamodb/repository.ts';

const CONCURRENCY = 16;
/** So many of one name tell whether it is ambiguous, also where some of them stand for the same. */
const NAMESAKES = 10;

export interface LookupRules<T extends Identified> {
  readonly repository: Repository<T>;
  /** The ids that a text may stand for; the first one that exists is meant. */
  readonly idsOf: (text: string) => readonly string[];
  /** Key of the index by name. */
  readonly named: (text: string) => string;
  /** What is meant by those that were found; they themselves unless given. */
  readonly resolve?: ((found: Stored<T>) => Promise<Stored<T>>) | undefined;
}

const itself = async <T>(found: T): Promise<T> => Promise.resolve(found);

/** What a text refers to: one entity, several of the same name, or none. */
export type Referred<T> = { readonly found: T } | { readonly several: number } | undefined;

/** Finds what cells refer to: a page's texts with few reads, and each text that was found only once per import. */
export class Lookup<T extends Identified> {
  readonly #rules: LookupRules<T>;
  readonly #found = new Map<string, Stored<T> | T>();
  readonly #several = new Map<string, number>();

  constructor(rules: LookupRules<T>) {
    this.#rules = rules;
  }

  /** Reads what these texts stand for, as far as it isn't known. */
  async load(texts: Iterable<string>): Promise<void> {
    const unknown = [...new Set(texts)].filter((text) => !this.#found.has(text));
    const { repository, idsOf, named, resolve = itself } = this.#rules;
    const byId = await repository.getMany(unknown.flatMap((text) => [...idsOf(text)]));
    await mapConcurrently(unknown, CONCURRENCY, async (text) => {
      const entity = idsOf(text)
        .map((id) => byId.get(id))
        .find((each) => each !== undefined);
      if (entity !== undefined) {
        this.#found.set(text, await resolve(entity));
        return;
      }
      const { items } = await repository.queryIndex('gsi1', named(text), { limit: NAMESAKES });
      const meant = await Promise.all(items.map(async (item) => resolve(item)));
      const different = [...new Map(meant.map((each) => [each.id, each])).values()];
      const [first, ...others] = different;
      if (others.length > 0) this.#several.set(text, different.length);
      else if (first !== undefined) this.#found.set(text, first);
    });
  }

  get(text: string): Referred<T> {
    const found = this.#found.get(text);
    if (found !== undefined) return { found };
    const several = this.#several.get(text);
    return several === undefined ? undefined : { several };
  }

  /** Remembers what was made for a text. */
  set(text: string, entity: T): void {
    this.#found.set(text, entity);
  }
}
