import { afterAll, beforeAll, expect, it } from 'vitest';
import { shopifyOrder } from '../../../infra/local/demo/shopify-order.ts';
import { storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import { readShopify } from '../../../services/deals/domain/commerce/shopify.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { derivedId, StoreId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const storeOf = (name: string, ownerId: string) =>
  StoreRecord.parse({
    id: derivedId(StoreId, name),
    name,
    platform: 'shopify',
    currency: 'USD',
    ownerId,
    createdAt: '2026-10-01T09:00:00Z',
  });
const east = storeOf('east', ids.bob);
const west = storeOf('west', ids.ada);

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
  const orders = new Orders({ table: service.table, directory: new Directory(service.table), cause });
  for (const store of [east, west]) await new Repository(service.table, storeEntity, cause).create(store, []);
  for (const day of [1, 2, 3, 4, 5]) {
    const at = Instant.parse(`2026-11-0${String(day)}T10:00:00Z`);
    const lines = [{ sku: 'LAS-12', title: 'Lasagne sheets', quantity: 1, price: '46.80' }];
    const body = shopifyOrder({ id: String(day), number: day, at, lines, currency: 'USD' });
    await orders.apply(
      day % 2 === 0 ? west : east,
      readShopify({ topic: 'orders/paid', body, triggeredAt: at }),
      at,
    );
  }
});
afterAll(async () => {
  await service.stop();
});

/** The external ids of each page, from the first to the last. */
const pagesOf = async (query: string, options: object = {}): Promise<string[][]> => {
  const pages: string[][] = [];
  let cursor = '';
  do {
    const { status, body } = await service.call('GET', `/v1/orders?${query}${cursor}`, undefined, options);
    expect(status).toBe(200);
    pages.push((body.items as { externalId: string }[]).map(({ externalId }) => externalId));
    cursor = typeof body.nextCursor === 'string' ? `&cursor=${body.nextCursor}` : '';
  } while (cursor !== '');
  return pages;
};

it('lists the orders of all stores, the latest first, page by page', async () => {
  expect(await pagesOf('limit=2')).toEqual([['5', '4'], ['3', '2'], ['1']]);
});

it('lists the orders of one store', async () => {
  expect(await pagesOf(`limit=2&storeId=${east.id}`)).toEqual([['5', '3'], ['1']]);
});

it('fills a rep’s pages with what counts for that rep', async () => {
  expect(await pagesOf('limit=2', as(ids.ada, 'rep'))).toEqual([['4', '2']]);
});

it('lists nothing of a store that there is not', async () => {
  expect(await pagesOf(`storeId=${derivedId(StoreId, 'nowhere')}`)).toEqual([[]]);
});
