import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shopifyOrder } from '../../../infra/local/demo/shopify-order.ts';
import { tendAccounts } from '../../../services/deals/accounts/tend-accounts.ts';
import { StoreRecord, storeEntity } from '../../../services/deals/commerce/entities.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import { readShopify } from '../../../services/deals/domain/commerce/shopify.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { derivedId, JobId, StoreId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Jobs } from '../../../shared/jobs/jobs.ts';
import { Instant, instantFrom } from '../../../shared/time/instant.ts';
import { runJob } from '../../support/run-jobs.ts';
import { cause, merging, usd } from './merging.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

const store = StoreRecord.parse({
  id: derivedId(StoreId, 'pastapro'),
  name: 'PastaPro web shop',
  platform: 'shopify',
  currency: 'USD',
  createdAt: '2026-01-05T09:00:00Z',
});

let service: SellingService;
let at: ReturnType<typeof merging>;
beforeEach(async () => {
  service = await startSellingService();
  at = merging(service);
  await new Repository(service.table, storeEntity, cause).create(store, []);
});
afterEach(async () => {
  await service.stop();
});

/** A paid order of 468.00 dollars. */
const order = async (number: number, email: string, day: string) => {
  const time = Instant.parse(`${day}T15:00:00Z`);
  const lines = [{ sku: 'LAS-12', title: 'Lasagne sheets', quantity: 10, price: '46.80' }];
  const body = shopifyOrder({ id: `9876543${String(number)}`, number, at: time, lines });
  const read = readShopify({ topic: 'orders/paid', body, triggeredAt: time });
  if (read.kind !== 'snapshot') throw new Error('no order');
  const orders = new Orders({ table: service.table, directory: new Directory(service.table), cause });
  await orders.apply(store, { ...read, snapshot: { ...read.snapshot, customer: { email } } }, time);
};
const tend = async (name: string) => {
  const { table } = service;
  const clock = { now: () => instantFrom(service.clock.time) };
  const id = derivedId(JobId, name);
  await new Jobs(table, DealsJobAdvanced, cause).start(
    newJob({ id, kind: 'tend-accounts', input: {} }, clock),
  );
  const directory = new Directory(table);
  const handlers = [tendAccounts({ table, directory, pageSize: 2 })];
  return runJob(id, { table, clock, advanced: DealsJobAdvanced, handlers });
};
const listed = async (health: string) => {
  const { items } = await at.read(`/v1/accounts?health=${health}`);
  return (items as { id: string }[]).map(({ id }) => id);
};

describe('how an account stands', () => {
  it('is worked out of its deals, orders and activities, in the reporting currency', async () => {
    const id = await at.account({ name: 'Rossi', ownerId: ids.ada, email: 'shop@rossi.example' });
    await at.deal(id);
    const won = await at.wonDeal(id, { amount: usd(100_000) });
    await at.post(
      `/v1/deals/${won}/adjustments`,
      { kind: 'refund', amount: usd(10_000), reason: 'Wet' },
      200,
    );
    for (const [number, day] of [
      [1, '2025-11-03'],
      [2, '2026-10-01'],
      [3, '2026-11-20'],
    ] as const)
      await order(number, 'shop@rossi.example', day);
    const health = await at.read(`/v1/accounts/${id}/health`);
    expect(health).toMatchObject({
      openDeals: 1,
      openValue: usd(50_000),
      wonByYear: [
        { year: '2026', value: usd(90_000 + 2 * 46_800) },
        { year: '2025', value: usd(46_800) },
      ],
      lastOrderAt: '2026-11-20T15:00:00.000Z',
      usualReorderDays: 191,
      reorderDue: false,
      atRisk: false,
    });
  });

  it('says what a year brought in as it is booked: a locked one stands, and what changes it counts in the next', async () => {
    service.clock.time = Date.parse('2027-01-20T15:00:00Z');
    const id = await at.account({ name: 'Rossi', ownerId: ids.ada });
    const early = { startedAt: '2026-12-01T12:00:00Z' };
    const [kept, late] = [await at.deal(id, { ...early, amount: usd(100_00) }), await at.deal(id, early)];
    const closed = { closedAt: '2026-12-15T12:00:00Z' };
    await at.post(`/v1/deals/${kept}/win`, closed, 200);
    await at.post('/v1/periods/2026/lock', {}, 200);
    const won = async () => (await at.read(`/v1/accounts/${id}/health`)).wonByYear;
    await at.post(`/v1/deals/${late}/win`, closed, 200);
    expect(await won()).toEqual([
      { year: '2027', value: usd(500_00) },
      { year: '2026', value: usd(100_00) },
    ]);
    await at.post(`/v1/deals/${kept}/reopen`, { reason: 'They called back' }, 200);
    const reopened = [
      { year: '2027', value: usd(400_00) },
      { year: '2026', value: usd(100_00) },
    ];
    expect(await won()).toEqual(reopened);
    await at.post(`/v1/deals/${kept}/lose`, { reason: 'price' }, 200);
    expect(await won()).toEqual(reopened);
  });

  it('is due for an order after the usual interval, at risk after twice that, and listed so', async () => {
    const id = await at.account({ name: 'Rossi', email: 'shop@rossi.example' });
    const [quiet] = [await at.account({ name: 'Bianchi' })];
    for (const [number, day] of [
      [1, '2026-09-01'],
      [2, '2026-10-01'],
      [3, '2026-11-01'],
    ] as const)
      await order(number, 'shop@rossi.example', day);
    expect(await tend('first')).toMatchObject({ status: 'succeeded', counts: { accounts: 2 } });
    expect(await listed('reorderDue')).toEqual([]);
    service.clock.time = Date.parse('2026-12-10T12:00:00Z');
    await tend('second');
    expect(await listed('reorderDue')).toEqual([id]);
    expect(await listed('atRisk')).toEqual([]);
    service.clock.time = Date.parse('2027-01-10T12:00:00Z');
    const health = await at.read(`/v1/accounts/${id}/health`);
    expect(health).toMatchObject({ reorderDue: true, atRisk: true });
    expect(String(health.riskReason)).toContain('twice');
    expect(await listed('atRisk')).toEqual([id]);
    expect(await listed('atRisk')).not.toContain(quiet);
    await order(4, 'shop@rossi.example', '2027-01-09');
    await tend('third');
    expect([await listed('atRisk'), await listed('reorderDue')]).toEqual([[], []]);
  });

  it('is at risk after ninety silent days where it has bought, unless someone was in touch', async () => {
    const id = await at.account({ name: 'Rossi', ownerId: ids.ada });
    await at.wonDeal(id);
    service.clock.time += 91 * 86_400_000;
    expect(await at.read(`/v1/accounts/${id}/health`)).toMatchObject({ atRisk: true, reorderDue: false });
    await at.made('/v1/activities', { kind: 'call', accountId: id, ownerId: ids.ada });
    expect(await at.read(`/v1/accounts/${id}/health`)).toMatchObject({ atRisk: false });
  });

  it('is for whoever may change the account, and not asked of a merged one', async () => {
    const [a, b] = [await at.account({ name: 'A', ownerId: ids.bob }), await at.account({ name: 'B' })];
    await at.request('GET', `/v1/accounts/${a}/health`, undefined, 403, as(ids.ada, 'rep'));
    await at.request('GET', `/v1/accounts/${a}/health`, undefined, 200, as(ids.giulia, 'manager'));
    await at.merge(a, b);
    await at.request('GET', `/v1/accounts/${b}/health`, undefined, 409);
  });
});
