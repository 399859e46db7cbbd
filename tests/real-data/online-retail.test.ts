import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeEntity, ordersOfStore, StoreRecord } from '../../services/deals/commerce/entities.ts';
import { isCreditNote, type OrderRecord, orderState } from '../../services/deals/domain/commerce/order.ts';
import { orderImportHandler } from '../../services/deals/imports/orders.ts';
import { contribution } from '../../services/metrics/domain/contribution.ts';
import { orderFact } from '../../services/metrics/domain/order-fact.ts';
import { type Stored, storedFrom } from '../../shared/dynamodb/entity.ts';
import { Repository } from '../../shared/dynamodb/repository.ts';
import type { Table } from '../../shared/dynamodb/table.ts';
import { OrganizationUpdated } from '../../shared/events/team.ts';
import { derivedId, ImportId, StoreId } from '../../shared/ids/id.ts';
import { type ImportRow, PAGE_ROWS, type RowOutcome } from '../../shared/imports/kind.ts';
import { Currency } from '../../shared/money/money.ts';
import { instantFrom } from '../../shared/time/instant.ts';
import { organization, tell } from '../integration/deals/selling-service.ts';
import { type Dynoxide, startDynoxide } from '../support/dynoxide.ts';

const csv = readFileSync(
  fileURLToPath(new URL('../../../shared/data/orders/online_retail_prefix.csv', import.meta.url)),
  'utf8',
);

/** The file's cells in a way of its own: quotes by hand, money as whole pence. */
const rows = csv
  .trim()
  .split(/\r?\n/)
  .slice(1)
  .map((text) => {
    const cells = [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    const [invoice = '', sku = '', title = '', quantity = '0', at = '', price = '0', customer = ''] = cells;
    const [pounds = '0', pence = ''] = price.split('.');
    return {
      cells: { number: invoice, sku, title, quantity, date: at, unitPrice: price, customer },
      invoice,
      quantity: Number(quantity),
      pence: Number(pounds) * 100 + Number(pence.padEnd(2, '0')),
      day: at.slice(0, 10),
      customer,
    };
  });
const sum = (of: typeof rows) => of.reduce((total, { quantity, pence }) => total + quantity * pence, 0);
const sold = rows.filter(({ quantity }) => quantity > 0);
const returned = rows.filter(({ quantity }) => quantity < 0);
const invoicesOf = (of: typeof rows) => new Set(of.map(({ invoice }) => invoice));

const cause = { correlationId: 'test', actor: 'system' } as const;
const clock = { now: () => instantFrom(Date.parse('2026-11-23T15:30:00Z')) };
const store = StoreRecord.parse({
  id: derivedId(StoreId, 'wholesale'),
  name: 'Wholesale',
  platform: 'custom',
  currency: 'GBP',
  createdAt: '2010-01-05T09:00:00Z',
});
/** As the worker reads the file: empty cells are absent, the header is line 1. */
const fileRows = rows.map(({ cells }, index): ImportRow => ({
  line: index + 2,
  cells: Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell.trim() !== '')),
}));

describe('a wholesaler’s invoices of ten days, as orders of a store of its own', () => {
  let dynoxide: Dynoxide;
  let table: Table;
  let first: RowOutcome[];
  let orders: readonly Stored<OrderRecord>[];

  /** All pages, and then what was deferred, as the worker hands them in. */
  const importAll = async (name: string, given: readonly ImportRow[]): Promise<RowOutcome[]> => {
    const takeIn = await orderImportHandler(table).open({
      importId: derivedId(ImportId, name),
      dryRun: false,
      currency: Currency.parse('GBP'),
      createMissing: new Set(),
      cause,
      clock,
    });
    const settled: RowOutcome[] = [];
    let waiting: ImportRow[] = [];
    const page = async (part: readonly ImportRow[]) => {
      for (const [index, outcome] of (await takeIn(part)).entries()) {
        const row = part[index];
        if (outcome.outcome === 'deferred' && row !== undefined) waiting.push(row);
        else settled.push(outcome);
      }
    };
    for (let at = 0; at < given.length; at += PAGE_ROWS) await page(given.slice(at, at + PAGE_ROWS));
    const deferred = waiting;
    waiting = [];
    await page(deferred);
    expect(waiting).toEqual([]);
    return settled;
  };
  const allOrders = async () => {
    const { items } = await table.query({ index: 'gsi1', pk: ordersOfStore(store.id) });
    return items.map((item) => storedFrom<OrderRecord>(item));
  };
  const count = (outcomes: readonly RowOutcome[], wanted: RowOutcome['outcome']) =>
    outcomes.filter(({ outcome }) => outcome === wanted).length;

  beforeAll(async () => {
    dynoxide = await startDynoxide();
    table = await dynoxide.table({ clock });
    await tell(table, OrganizationUpdated, 'organization', {
      ...organization,
      reportingCurrency: 'GBP',
      timeZone: 'Europe/London',
    });
    await new Repository(table, storeEntity, cause).create(store, []);
    first = await importAll('first', fileRows);
    orders = await allOrders();
  }, 300_000);
  afterAll(async () => {
    await dynoxide.stop();
  });

  it('takes every row in, and makes each of the 1,166 invoices once', () => {
    expect(count(first, 'rejected')).toBe(0);
    expect(first).toHaveLength(rows.length);
    expect(count(first, 'created')).toBe(1_166);
    expect(orders).toHaveLength(1_166);
    expect(new Set(orders.map(({ externalId }) => externalId))).toEqual(invoicesOf(rows));
  });

  it('sums to the penny, sales and what was given back', () => {
    const net = orders.reduce((total, { snapshot }) => total + (snapshot?.net.amount ?? 0), 0);
    const back = orders.flatMap(({ refunds }) => refunds).reduce((total, each) => total + each.net.amount, 0);
    expect(net).toBe(sum(sold));
    expect(back).toBe(-sum(returned));
    const sales = invoicesOf(sold);
    const notes = [...invoicesOf(returned)].filter((invoice) => !sales.has(invoice));
    expect(
      orders
        .filter(isCreditNote)
        .map(({ externalId }) => externalId)
        .toSorted(),
    ).toEqual(notes.toSorted());
  });

  it('counts each day to the penny, and credit notes as no orders', () => {
    const counted = new Map<string, { wonRevenue: number; ordersCount: number }>();
    for (const order of orders) {
      const state = orderState(order);
      if (state === undefined) continue;
      const fact = orderFact(
        state,
        { epoch: 0, version: 1 },
        { timeZone: 'Europe/London', reportingCurrency: 'GBP' },
      );
      for (const { address, add } of contribution(fact).values()) {
        if (address.dimension !== 'org') continue;
        const day = counted.get(String(address.day)) ?? { wonRevenue: 0, ordersCount: 0 };
        day.wonRevenue += add['c.wonRevenue'] ?? 0;
        day.ordersCount += add['c.ordersCount'] ?? 0;
        counted.set(String(address.day), day);
      }
    }
    for (const [day, ofDay] of Map.groupBy(rows, (row) => row.day))
      expect(counted.get(day), day).toEqual({
        wonRevenue: sum(ofDay),
        ordersCount: invoicesOf(ofDay.filter(({ quantity }) => quantity > 0)).size,
      });
  });

  it('changes nothing when it comes again, in whatever order its rows stand', async () => {
    const again = await importAll('again', [...fileRows].reverse());
    expect(count(again, 'unchanged')).toBe(rows.length);
    expect(await allOrders()).toEqual(orders);
  }, 300_000);
});
