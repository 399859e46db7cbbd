import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import { readShopify } from '../../../services/deals/domain/commerce/shopify.ts';
import { followDayForRates, revalueOpen } from '../../../services/deals/follow-ups/revalue-open.ts';
import { followRates, settleAwaiting } from '../../../services/deals/follow-ups/settle-awaiting.ts';
import { fxRateImportHandler } from '../../../services/deals/imports/fx-rates.ts';
import { dealsSettingsChange } from '../../../services/deals/settings/phases.ts';
import { awaitingDeals } from '../../../services/deals/store/awaiting-rates.ts';
import { Books } from '../../../services/deals/store/books.ts';
import { dealEntity, FX_RATES } from '../../../services/deals/store/entities.ts';
import { shopifyOrder } from '../../../infra/local/demo/shopify-order.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { OthersChanged, Repository } from '../../../shared/dynamodb/repository.ts';
import { DealsJobAdvanced, DealUpdated, FxRatesSet } from '../../../shared/events/deals.ts';
import type { SettingsChangeData } from '../../../shared/events/settings-change.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { DayBegan } from '../../../shared/events/team.ts';
import { derivedId, ImportId, JobId, RequestId, StoreId } from '../../../shared/ids/id.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Instant, instantFrom } from '../../../shared/time/instant.ts';
import { delivered, runJob } from '../../support/run-jobs.ts';
import { as, ids, organization, type SellingService, startSellingService } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const usd = (amount: number) => ({ amount, currency: 'USD' });

let service: SellingService;
beforeEach(async () => {
  service = await startSellingService();
});
afterEach(async () => {
  await service.stop();
});

const clock = () => ({ now: () => instantFrom(service.clock.time) });
const post = async (path: string, body?: object, options = {}) => service.call('POST', path, body, options);
const dealOf = async (id: string) => (await service.call('GET', `/v1/deals/${id}`)).body;
const newDeal = async (body: object = {}): Promise<string> =>
  String(
    (await post('/v1/deals', { name: 'Fusilli', ownerId: ids.ada, amount: eur(100_00), ...body })).body.id,
  );
const setRates = async (day: string, rates: object) => service.call('PUT', `/v1/fx-rates/${day}`, { rates });

const handlers = () => {
  const sources = { table: service.table, directory: new Directory(service.table) };
  return [settleAwaiting(sources), revalueOpen(sources)];
};
const carriedOut = async (kind: string, ...key: string[]) =>
  runJob(derivedId(JobId, kind, ...key), {
    table: service.table,
    clock: clock(),
    advanced: DealsJobAdvanced,
    handlers: handlers(),
  });
/** What follows from rates that were set. */
const followed = async (day: string, rates: object) => {
  await setRates(day, rates);
  const message = delivered(FxRatesSet, { subject: day, data: { day, base: 'USD', rates } });
  const outcome = await followRates({ table: service.table, clock: clock() })(message);
  if (outcome === 'done') await carriedOut('settle-awaiting', message.event.metadata.id);
  return outcome;
};
const waiting = async () => (await awaitingDeals(service.table, { limit: 100 })).deals.length;

describe('a deal that closes before its currency has a rate', () => {
  it('closes, waits, and is valued by a rate of the day of its close or before, with its refunds', async () => {
    const id = await newDeal();
    const won = await post(`/v1/deals/${id}/win`, { closedAt: '2026-11-20T12:00:00Z' });
    expect(won).toMatchObject({ status: 200, body: { status: 'won', awaitingRate: true } });
    expect(won.body.rateNote).toContain('EUR');
    expect(won.body).not.toHaveProperty('reportingAmount');
    await post(`/v1/deals/${id}/adjustments`, { kind: 'refund', amount: eur(10_00), reason: 'wet' });

    await followed('2026-11-21', { EUR: '9' });
    expect(await dealOf(id)).toMatchObject({ awaitingRate: true });
    expect(await waiting()).toBe(1);

    expect(await followed('2026-11-18', { EUR: '1.1' })).toBe('done');
    const valued = await dealOf(id);
    expect(valued).toMatchObject({
      reportingAmount: usd(110_00),
      frozenRate: { day: '2026-11-18', isEarlier: true },
      adjustments: [{ reportingAmount: usd(-11_00) }],
    });
    expect(valued).not.toHaveProperty('awaitingRate');
    expect(await waiting()).toBe(0);
  });

  it('is not valued by a rate of long before while a file of rates is taken in that has not come to its day', async () => {
    const id = await newDeal();
    await post(`/v1/deals/${id}/win`, { closedAt: '2026-11-20T12:00:00Z' });
    const imported = async (day: string, rate: string) => {
      await setRates(day, { EUR: rate });
      const data = { day, base: 'USD', rates: { EUR: rate }, imported: true };
      const message = delivered(FxRatesSet, { subject: day, data });
      await followRates({ table: service.table, clock: clock() })(message);
      await carriedOut('settle-awaiting', message.event.metadata.id);
    };
    await imported('2026-01-02', '1.3');
    expect(await dealOf(id)).toMatchObject({ awaitingRate: true });
    await imported('2026-11-20', '1.1');
    expect(await dealOf(id)).toMatchObject({ frozenRate: { day: '2026-11-20', rate: '1.1' } });
  });

  it('is frozen then: a corrected rate of the day changes nothing, and asks for nothing', async () => {
    const id = await newDeal();
    await post(`/v1/deals/${id}/win`, { closedAt: '2026-11-20T12:00:00Z' });
    await followed('2026-11-20', { EUR: '1.1' });
    const before = await dealOf(id);
    expect(await followed('2026-11-20', { EUR: '1.2' })).toBe('irrelevant');
    expect(await dealOf(id)).toEqual(before);
  });

  it('waits no more once it is reopened or deleted', async () => {
    const [reopened, deleted] = [await newDeal(), await newDeal()];
    for (const id of [reopened, deleted]) await post(`/v1/deals/${id}/win`, {});
    expect(await waiting()).toBe(2);
    await post(`/v1/deals/${reopened}/reopen`, { reason: 'They called back' });
    await service.call('DELETE', `/v1/deals/${deleted}`);
    expect(await waiting()).toBe(0);
    expect(await dealOf(reopened)).not.toHaveProperty('awaitingRate');
  });

  it('clears a mark away that nothing waits behind', async () => {
    const id = await newDeal();
    await service.table.put({ pk: 'deals#awaiting-rate', sk: `EUR#2026-11-01T00:00:00.000Z#${id}`, id });
    await followed('2026-11-20', { EUR: '1.1' });
    expect(await waiting()).toBe(0);
    expect(await dealOf(id)).toMatchObject({ version: 1 });
  });
});

it('values open deals in other currencies anew each day, and writes no others', async () => {
  await setRates('2026-11-20', { EUR: '1.1' });
  const [euros, dollars] = [await newDeal(), await newDeal({ amount: usd(5) })];
  expect(await dealOf(euros)).toMatchObject({ reportingAmount: usd(110_00) });
  await setRates('2026-11-23', { EUR: '1.2' });
  for (const day of ['2026-11-23', '2026-11-24']) {
    const message = delivered(DayBegan, { subject: 'day', data: { day } });
    await followDayForRates({ table: service.table, clock: clock() })(message);
    await carriedOut('revalue-open', day);
    expect(await dealOf(euros)).toMatchObject({ version: 2, reportingAmount: usd(120_00) });
    expect(await dealOf(dollars)).toMatchObject({ version: 1 });
  }
});

describe('the books of a period', () => {
  it('are closed once, for good, by admins, when it is over', async () => {
    expect((await post('/v1/periods/2026-11/lock')).status).toBe(422);
    expect((await post('/v1/periods/2026-10-01..2026-10-31/lock')).status).toBe(422);
    expect((await post('/v1/periods/2026-13/lock')).status).toBe(400);
    const locked = await post('/v1/periods/2026-Q3/lock');
    expect(locked).toMatchObject({
      status: 200,
      body: { period: '2026-Q3', kind: 'quarter', from: '2026-07-01', to: '2026-10-01', version: 1 },
    });
    service.clock.time += 1000;
    expect((await post('/v1/periods/2026-Q3/lock')).body).toEqual(locked.body);
    const status = async (period: string) => (await service.call('GET', `/v1/periods/${period}/lock`)).body;
    expect(await status('2026-08')).toMatchObject({ locked: true });
    expect(await status('2026-Q3')).toMatchObject({ locked: true, lockedAt: locked.body.lockedAt });
    expect(await status('2026-10')).toMatchObject({ locked: false });
    expect(await status('2026')).toMatchObject({ locked: false });
    await post('/v1/periods/2026-06/lock');
    expect((await service.call('GET', '/v1/periods/locks')).body.items).toMatchObject([
      { period: '2026-Q3' },
      { period: '2026-06' },
    ]);
    expect((await post('/v1/periods/2026-05/lock', undefined, as(ids.ada, 'rep'))).status).toBe(403);
  });

  it('are closed by any number of admins at once, each period once', async () => {
    const periods = ['2026-01', '2026-02', '2026-03', '2026-01', '2026-Q2'];
    const answers = await Promise.all(periods.map(async (period) => post(`/v1/periods/${period}/lock`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const { locked } = await new Books(service.table).of('any');
    expect(locked).toEqual([{ from: '2026-01-01', to: '2026-07-01' }]);
  });

  it('take in a late win and a late refund on the first open day, and say so', async () => {
    await post('/v1/periods/2026-10/lock');
    const id = await newDeal({ amount: usd(100_00), startedAt: '2026-10-02T12:00:00Z' });
    expect(await dealOf(id)).toMatchObject({ createdBookedAt: '2026-11-01T04:00:00.000Z' });
    const won = await post(`/v1/deals/${id}/win`, { closedAt: '2026-10-20T12:00:00Z' });
    expect(won.body).toMatchObject({
      closedAt: '2026-10-20T12:00:00.000Z',
      bookedAt: '2026-11-01T04:00:00.000Z',
      bookedNote: expect.stringContaining('first open day') as string,
    });
    const refund = { kind: 'refund', amount: usd(10_00), at: '2026-10-21T12:00:00Z', reason: 'wet' };
    const refunded = await post(`/v1/deals/${id}/adjustments`, refund);
    expect(refunded.body.adjustments).toMatchObject([{ bookedAt: '2026-11-01T04:00:00.000Z' }]);
    expect(refunded.body).not.toHaveProperty('booked');
  });

  it('keep a result that is undone later, and take it back on the first open day', async () => {
    const id = await newDeal({ amount: usd(100_00), startedAt: '2026-10-02T12:00:00Z' });
    await post(`/v1/deals/${id}/win`, { closedAt: '2026-10-20T12:00:00Z' });
    await post('/v1/periods/2026-10/lock');
    const reopened = await post(`/v1/deals/${id}/reopen`, { reason: 'They called back' });
    expect(reopened.body.booked).toMatchObject([
      {
        amount: 100_00,
        attribution: { credits: [{ memberId: ids.ada }] },
        lines: [
          {
            kind: 'won',
            at: '2026-10-20T12:00:00.000Z',
            reversedAt: '2026-11-01T04:00:00.000Z',
            reportingAmount: usd(100_00),
          },
        ],
      },
    ]);
    expect(reopened.body.bookedNote).toContain('stays counted there');
    const again = await post(`/v1/deals/${id}/win`, { closedAt: '2026-10-20T12:00:00Z', amount: usd(90_00) });
    expect(again.body).toMatchObject({ bookedAt: '2026-11-01T04:00:00.000Z', booked: [{ amount: 100_00 }] });
    expect((await service.call('PATCH', `/v1/deals/${id}`, { name: 'Farfalle' })).body).toMatchObject({
      bookedAt: '2026-11-01T04:00:00.000Z',
      booked: again.body.booked,
    });
  });

  it('value a deal of theirs late: the money counts on the first open day', async () => {
    const id = await newDeal();
    await post(`/v1/deals/${id}/win`, { closedAt: '2026-10-20T12:00:00Z' });
    await post('/v1/periods/2026-10/lock');
    await followed('2026-10-20', { EUR: '1.1' });
    const valued = await dealOf(id);
    expect(valued).toMatchObject({ reportingAmount: usd(110_00), bookedAt: '2026-11-01T04:00:00.000Z' });
    expect(valued.booked).toMatchObject([{ lines: [{ kind: 'won', at: '2026-10-20T12:00:00.000Z' }] }]);
  });

  it('refuse a write that went by the books as they were before, and the writer books anew', async () => {
    const repository = new Repository(service.table, dealEntity, cause);
    const books = new Books(service.table);
    const id = await newDeal({ amount: usd(1) });
    const deal = await repository.get(id);
    const { check } = await books.of(id);
    await post('/v1/periods/2026-10/lock');
    await expect(repository.save(deal, DealUpdated, { also: [check] })).rejects.toThrow(OthersChanged);
    books.forget();
    const { check: present } = await books.of(id);
    expect(await repository.save(deal, DealUpdated, { also: [present] })).toMatchObject({ version: 2 });
  });

  it('let all late wins through that come while they are closed, each before or after', async () => {
    const deals = await Promise.all(Array.from({ length: 12 }, async () => newDeal({ amount: usd(1) })));
    const [, ...answers] = await Promise.all([
      post('/v1/periods/2026-10/lock'),
      ...deals.map(async (id) => post(`/v1/deals/${id}/win`, { closedAt: '2026-10-20T12:00:00Z' })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(deals.map(() => 200));
    const stored = await Promise.all(deals.map(async (id) => dealOf(id)));
    for (const { bookedAt } of stored) expect([undefined, '2026-11-01T04:00:00.000Z']).toContain(bookedAt);
  });

  it('are restated with all else in another reporting currency, deleted deals too', async () => {
    await setRates('2026-10-01', { EUR: '1.25' });
    const id = await newDeal({ amount: usd(100_00) });
    await post(`/v1/deals/${id}/win`, { closedAt: '2026-10-20T12:00:00Z' });
    await post('/v1/periods/2026-10/lock');
    await service.call('DELETE', `/v1/deals/${id}`);
    const change: SettingsChangeData = {
      id: derivedId(RequestId, 'to-euros'),
      phase: 'recompute',
      before: organization,
      after: { ...organization, reportingCurrency: Currency.parse('EUR'), timeZone: 'America/Los_Angeles' },
      settings: { epoch: 0, version: 2 },
    };
    const jobId = derivedId(JobId, 'to-euros');
    await new Jobs(service.table, DealsJobAdvanced, cause).start(
      newJob({ id: jobId, kind: 'settings-change', input: { ...change } }, clock()),
    );
    const { table } = service;
    const job = await runJob(jobId, {
      table,
      clock: clock(),
      advanced: DealsJobAdvanced,
      handlers: [dealsSettingsChange(table)],
    });
    expect(job).toMatchObject({ status: 'succeeded', counts: { deals: 1 } });
    const { booked, reportingAmount } = await new Repository(table, dealEntity, cause).get(id);
    expect(reportingAmount).toBeUndefined();
    expect(booked).toMatchObject([
      { lines: [{ kind: 'won', reversedAt: '2026-11-01T07:00:00.000Z', reportingAmount: eur(80_00) }] },
    ]);
  });

  it('keep a paid order that is refunded, cancelled or deleted later', async () => {
    const store = StoreRecord.parse({
      id: derivedId(StoreId, 'shop'),
      name: 'Shop',
      platform: 'shopify',
      currency: 'USD',
      ownerId: ids.ada,
      createdAt: '2026-01-01T00:00:00Z',
    });
    const { table } = service;
    await new Repository(table, storeEntity, cause).create(store, []);
    const orders = new Orders({ table, directory: new Directory(table), cause });
    const at = Instant.parse('2026-10-05T10:00:00Z');
    const line = { sku: 'LAS-12', title: 'Lasagne sheets', quantity: 1, price: '46.80' };
    const body = shopifyOrder({ id: '77', number: 7, at, lines: [line], currency: 'USD' });
    await orders.apply(store, readShopify({ topic: 'orders/paid', body, triggeredAt: at }), at);
    const stored = async () => {
      const { items } = await table.query({ index: 'gsi1', pk: `order#store#${store.id}` });
      return (await service.call('GET', `/v1/orders/${(items[0]?.data as { id: string }).id}`)).body;
    };
    expect(await stored()).not.toHaveProperty('bookedAt');
    await post('/v1/periods/2026-10/lock');

    const refund = {
      externalId: 'r-1',
      at: Instant.parse('2026-10-09T10:00:00Z'),
      net: { amount: 10_00, currency: Currency.parse('USD') },
      total: { amount: 10_00, currency: Currency.parse('USD') },
    };
    await orders.apply(store, { kind: 'refund', orderExternalId: '77', refund }, at);
    expect(await stored()).toMatchObject({
      refunds: [{ at: '2026-10-09T10:00:00.000Z', bookedAt: '2026-11-01T04:00:00.000Z' }],
      bookedNote: expect.stringContaining('A refund') as string,
    });
    await orders.apply(store, { kind: 'deletion', orderExternalId: '77' }, at);
    expect(await stored()).toMatchObject({
      deleted: true,
      booked: [
        { lines: [{ kind: 'paid', at: '2026-10-05T10:00:00.000Z', reversedAt: '2026-11-01T04:00:00.000Z' }] },
      ],
    });
  });
});

describe('exchange rates of many days', () => {
  it('are listed from the latest back, within a range, page by page', async () => {
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03', '2026-12-01'])
      await setRates(day, { EUR: '1.1' });
    const list = async (query: string) => (await service.call('GET', `/v1/fx-rates?${query}`)).body;
    const first = await list('to=2026-11-30&limit=2');
    expect(first.items).toMatchObject([{ day: '2026-11-03' }, { day: '2026-11-02' }]);
    const rest = await list(`to=2026-11-30&limit=2&cursor=${encodeURIComponent(String(first.nextCursor))}`);
    expect(rest.items).toMatchObject([{ day: '2026-11-01' }]);
    expect(rest).not.toHaveProperty('nextCursor');
    expect((await list('from=2026-11-03')).items).toHaveLength(2);
    expect((await service.call('GET', '/v1/fx-rates?from=2026-11-03&to=2026-11-01')).status).toBe(422);
  });

  it('are imported, a currency of a day at a time; bad ones are named, and a second time nothing changes', async () => {
    await setRates('2026-11-02', { EUR: '1.1', GBP: '1.3' });
    const run = async (rows: readonly Readonly<Record<string, string>>[]) => {
      const rates = await fxRateImportHandler(service.table).open({
        importId: derivedId(ImportId, 'test'),
        dryRun: false,
        createMissing: new Set(),
        cause,
        clock: clock(),
      });
      return rates(rows.map((cells, index) => ({ line: index + 2, cells })));
    };
    const rows = [
      { day: '2026-11-02', currency: 'EUR', rate: '1.2' },
      { day: '2026-11-03', currency: 'EUR', rate: '1.25' },
      { day: '2026-11-03', currency: 'JPY', rate: '0.0066' },
    ];
    expect((await run(rows)).map(({ outcome }) => outcome)).toEqual(['updated', 'created', 'updated']);
    const item = await service.table.get({ pk: FX_RATES, sk: '2026-11-03' });
    expect(JSON.stringify(item)).toContain('"imported":true');
    expect((await run(rows)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect((await service.call('GET', '/v1/fx-rates/2026-11-02')).body).toMatchObject({
      rates: { EUR: '1.2', GBP: '1.3' },
      version: 2,
    });
    const bad = await run([
      { day: '2026-02-30', currency: 'EUR', rate: '1.2' },
      { day: '2026-11-03', currency: 'USD', rate: '1' },
      { day: '2026-11-03', currency: 'EUR', rate: '-1' },
      { day: '2026-11-03', currency: 'EUR', rate: '1,2' },
      { day: '2026-11-03', currency: 'euro', rate: '1.2' },
      { day: '2026-11-03', currency: 'EUR' },
    ]);
    expect(bad.map((outcome) => ('field' in outcome ? outcome.field : outcome.outcome))).toEqual([
      'day',
      'currency',
      'rate',
      'rate',
      'currency',
      'rate',
    ]);
  });
});
