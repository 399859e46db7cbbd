import { afterAll, beforeAll, expect, it } from 'vitest';
import { ordersOfStore, storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import type { OrderRecord } from '../../../services/deals/domain/commerce/order.ts';
import { orderImportHandler } from '../../../services/deals/imports/orders.ts';
import { storedFrom } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { derivedId, ImportId, StoreId } from '../../../shared/ids/id.ts';
import type { ImportRow } from '../../../shared/imports/kind.ts';
import { Currency } from '../../../shared/money/money.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { NOW, type SellingService, startSellingService } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const clock = { now: () => instantFrom(Date.parse(NOW)) };
const store = StoreRecord.parse({
  id: derivedId(StoreId, 'wholesale'),
  name: 'Wholesale',
  platform: 'custom',
  currency: 'USD',
  createdAt: '2026-01-05T09:00:00Z',
});

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
  await new Repository(service.table, storeEntity, cause).create(store, []);
});
afterAll(async () => {
  await service.stop();
});

const row = (line: number, number: string, sku: string, quantity: number, price: string): ImportRow => ({
  line,
  cells: { number, sku, quantity: String(quantity), unitPrice: price, date: '2026-11-20 08:26:00' },
});
/** As an invocation of the worker hands pages in; what waits comes again at the end. */
const invocation = async (name: string) => {
  const takeIn = await orderImportHandler(service.table).open({
    importId: derivedId(ImportId, name),
    dryRun: false,
    currency: Currency.parse('USD'),
    createMissing: new Set(),
    cause,
    clock,
  });
  return async (...rows: ImportRow[]) => (await takeIn(rows)).map(({ outcome }) => outcome);
};
const orders = async () => {
  const { items } = await service.table.query({ index: 'gsi1', pk: ordersOfStore(store.id) });
  return new Map(
    items.map((item) => storedFrom<OrderRecord>(item)).map((order) => [order.externalId, order]),
  );
};

it('makes an order of rows on several pages, whatever is handed in again', async () => {
  const [a, same, b] = [
    row(2, '1', 'LAS', 2, '46.80'),
    row(3, '1', 'LAS', 2, '46.80'),
    row(9, '1', 'PEN', 1, '1.85'),
  ];
  const first = await invocation('one');
  expect(await first(a)).toEqual(['created']);
  // The same words on another line are another line of the order; a crash has a page handed in again.
  const second = await invocation('one');
  expect(await second(a, same)).toEqual(['unchanged', 'updated']);
  expect(await second(same, b)).toEqual(['unchanged', 'updated']);
  const made = (await orders()).get('1');
  expect(made).toMatchObject({ snapshot: { net: { amount: 18_905 } } });
  expect(made?.snapshot?.lines).toHaveLength(3);
  const again = await invocation('two');
  expect(await again(b)).toEqual(['unchanged']);
  expect(await again(same, a)).toEqual(['unchanged', 'unchanged']);
  expect((await orders()).get('1')).toEqual(made);
});

it('becomes what a corrected file says', async () => {
  const first = await invocation('three');
  await first(row(2, '2', 'LAS', 2, '46.80'), row(3, '2', 'PEN', 1, '1.85'));
  const corrected = await invocation('four');
  expect(await corrected(row(2, '2', 'LAS', 2, '46.80'))).toEqual(['unchanged']);
  expect(await corrected(row(3, '2', 'PEN', 3, '1.85'))).toEqual(['updated']);
  expect((await orders()).get('2')?.snapshot).toMatchObject({ net: { amount: 9_915 } });
});

it('takes cancellations and negative rows as refunds, and rejects one larger than its order', async () => {
  const takeIn = await invocation('five');
  const back = row(2, '3', 'LAS', -1, '46.80');
  expect(await takeIn(back, row(3, 'C9', 'LAS', -1, '46.80'))).toEqual(['deferred', 'created']);
  expect(await takeIn(row(4, '3', 'LAS', 2, '46.80'))).toEqual(['created']);
  expect(await takeIn(back)).toEqual(['updated']);
  expect(await takeIn(row(5, 'C3', 'LAS', -2, '46.80'))).toEqual(['deferred']);
  expect(await takeIn(row(5, 'C3', 'LAS', -2, '46.80'))).toEqual(['rejected']);
  const all = await orders();
  expect(all.get('3')).toMatchObject({
    snapshot: { net: { amount: 9_360 } },
    refunds: [{ net: { amount: 4_680 } }],
  });
  expect(all.get('C9')).toMatchObject({ snapshot: { creditNote: true, net: { amount: 0 } } });
  expect(all.has('C3')).toBe(false);
});
