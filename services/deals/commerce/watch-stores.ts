import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { StoreSilenceChanged, StoreSilenceState } from '../../../shared/events/stores.ts';
import { silenceOf } from '../domain/commerce/store-silence.ts';
import { storeEntity, type StoreRecord, STORES } from './entities.ts';
import { StoreDays } from './store-days.ts';

/** What was last told of a store's silence. */
export const storeSilenceEntity = defineEntity<StoreSilenceState>({
  type: 'store-silence',
  schema: StoreSilenceState,
  key: (id) => ({ pk: `store#${id}`, sk: 'silence' }),
});

const PAGE = 100;
const CONCURRENCY = 8;

/**
 * Looks at every store, tells of those that fell silent or are heard of again, and answers how many are silent. Looking
 * twice tells nothing twice.
 */
export const watchStores = async (table: Table, cause: Cause): Promise<number> => {
  const stores = new Repository<StoreRecord>(table, storeEntity, cause);
  const silences = new Repository<StoreSilenceState>(table, storeSilenceEntity, cause);
  const days = new StoreDays(table);

  const look = async (store: StoreRecord): Promise<boolean> => {
    const lastEventAt = await days.lastEventAt(store.id);
    const state = silenceOf({ ...store, lastEventAt }, table.clock.now());
    if (state === undefined) return false;
    const told = await silences.find(store.id);
    if (told === undefined && state.silent) await silences.create(state, StoreSilenceChanged);
    else if (told !== undefined && told.silent !== state.silent)
      await silences.save({ ...state, version: told.version }, StoreSilenceChanged);
    return state.silent;
  };

  let silent = 0;
  let cursor: Item | undefined;
  do {
    const page = await stores.queryIndex('gsi1', STORES, { limit: PAGE, cursor });
    const looked = await mapConcurrently(page.items, CONCURRENCY, look);
    silent += looked.filter(Boolean).length;
    cursor = page.lastKey;
  } while (cursor !== undefined);
  return silent;
};
