import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { newer } from '../../../shared/dynamodb/expressions.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { EventMetadata } from '../../../shared/events/contract.ts';
import { droppedBeside, type Outcome } from '../../../shared/events/outcome.ts';
import { nameKey } from './keys.ts';

/** What a product or an account is called, by the newest event about it. */
export interface NamedEvent {
  readonly metadata: Pick<EventMetadata, 'epoch' | 'version'>;
  readonly data: { readonly id: string; readonly name: string };
}

const CONCURRENT_WRITES = 10;

/** Names of products and accounts, for people to read beside their numbers. */
export class Names {
  readonly #table: Pick<Table, 'put' | 'batchGet'>;

  constructor(table: Pick<Table, 'put' | 'batchGet'>) {
    this.#table = table;
  }

  /** Repeated and late events change nothing. Answers what became of each, in their order. */
  async keep(events: readonly NamedEvent[]): Promise<Outcome[]> {
    return mapConcurrently(events, CONCURRENT_WRITES, async (event) => this.#keepOne(event));
  }

  async of(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const items = await this.#table.batchGet(ids.map(nameKey), { consistent: false });
    return new Map(items.map(({ id, name }) => [String(id), String(name)]));
  }

  async #keepOne({ metadata: { epoch, version }, data: { id, name } }: NamedEvent): Promise<Outcome> {
    try {
      await this.#table.put(
        { ...nameKey(id), type: 'name', epoch, version, id, name },
        newer({ epoch, version }),
      );
      return 'done';
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return droppedBeside({ epoch, version }, error.existing.get(0));
    }
  }
}
