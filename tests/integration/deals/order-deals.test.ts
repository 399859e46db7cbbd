import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { customerOrders } from '../../../services/deals/commerce/customer-orders.ts';
import { storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { followDeals } from '../../../services/deals/commerce/follow-deals.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import type { OrderSnapshot, SnapshotRefund } from '../../../services/deals/domain/commerce/order-message.ts';
import { dealEntity } from '../../../services/deals/store/entities.ts';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { DealState } from '../../../shared/events/deals.ts';
import { type CustomerId, DealId, derivedId, JobId, OrderId, StoreId } from '../../../shared/ids/id.ts';
import { newJob } from '../../../shared/jobs/job.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';
import { as, ids, type SellingService, startSellingService } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const usd = (amount: number) => ({ amount, currency: Currency.parse('USD') });
const at = (text: string) => Instant.parse(text);
const store = StoreRecord.parse({
  id: derivedId(StoreId, 'rossi shop'),
  name: 'Web shop',
  platform: 'shopify',
  currency: 'USD',
  ownerId: ids.bob,
  createdAt: '2026-10-01T09:00:00Z',
});

let service: SellingService;
let orders: Orders;
let directory: Directory;
beforeAll(async () => {
  service = await startSellingService();
  directory = new Directory(service.table);
  orders = new Orders({ table: service.table, directory, cause });
  await new Repository(service.table, storeEntity, cause).create(store, []);
});
afterAll(async () => {
  await service.stop();
});

const order = async (
  number: string,
  over: Partial<OrderSnapshot> & { readonly amount?: number } = {},
  refunds: readonly SnapshotRefund[] = [],
): Promise<OrderId> => {
  const { amount = 120_000, ...rest } = over;
  const snapshot: OrderSnapshot = {
    externalId: number,
    number,
    updatedAt: at('2026-11-23T15:00:00Z'),
    currency: usd(0).currency,
    gross: usd(amount),
    discounts: usd(0),
    net: usd(amount),
    tax: usd(0),
    shipping: usd(0),
    total: usd(amount),
    placedAt: at('2026-11-23T14:00:00Z'),
    paidAt: at('2026-11-23T15:00:00Z'),
    test: false,
    lines: [],
    ...rest,
  };
  await orders.apply(store, { kind: 'snapshot', snapshot, refunds }, at('2026-11-23T15:00:00Z'));
  return derivedId(OrderId, store.id, number);
};
const refund = (externalId: string, amount: number): SnapshotRefund => ({
  externalId,
  net: usd(amount),
  total: usd(amount),
  at: at('2026-11-23T15:20:00Z'),
});
const create = async (path: string, body: object): Promise<string> => {
  const answer = await service.call('POST', path, body);
  expect(answer).toMatchObject({ status: 201 });
  return String(answer.body.id);
};
const account = (name: string, more: object = {}) =>
  create('/v1/accounts', { name, ownerId: ids.ada, domains: [`${name}.example`], ...more });
const deal = (accountId: string, amount: number, more: object = {}) =>
  create('/v1/deals', {
    name: 'Autumn menu',
    ownerId: ids.ada,
    accountId,
    amount: usd(amount),
    startedAt: '2026-11-01T09:00:00Z',
    ...more,
  });
const read = async (path: string) => (await service.call('GET', path)).body;
/** As the deal's event has it done. */
const follow = async (id: string) => {
  const { teamId: _team, version: _version, ...body } = await read(`/v1/deals/${id}`);
  await followDeals([{ deal: DealState.parse({ ...body, deleted: false }), cause }], {
    table: service.table,
    directory,
  });
};
const items = async (path: string) => (await read(path)).items as Record<string, unknown>[];

describe('an order of a known account', () => {
  it('counts for the account’s owner, and wins the only deal that fits', async () => {
    const rossi = await account('rossi');
    const dealId = await deal(rossi, 115_000);
    const id = await order('R-1', { customer: { email: 'chef@rossi.example', name: 'Anna Serra' } });
    expect(await read(`/v1/orders/${id}`)).toMatchObject({
      accountId: rossi,
      dealId,
      attribution: { credits: [{ memberId: ids.ada }], accountId: rossi },
    });
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({
      status: 'won',
      closedAt: '2026-11-23T15:00:00.000Z',
      amount: usd(120_000),
      orderIds: [id],
    });
    await order('R-1', {}, [refund('back', 20_000)]);
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({
      adjustments: [{ kind: 'refund', amount: usd(-20_000), at: '2026-11-23T15:20:00.000Z' }],
    });
    const { version } = await read(`/v1/deals/${dealId}`);
    await order('R-1', {}, [refund('back', 20_000)]);
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({ version });
  });

  it('belongs to none of two that fit, and says so, until one of them is lost', async () => {
    const verdi = await account('verdi');
    const [one, two] = [await deal(verdi, 118_000), await deal(verdi, 121_000)];
    const id = await order('V-1', { customer: { email: 'a@verdi.example' } });
    const alone = await read(`/v1/orders/${id}`);
    expect(alone).toMatchObject({ dealNote: expect.stringContaining('2 deals') as string });
    expect(alone).not.toHaveProperty('dealId');
    expect(await items(`/v1/orders?view=withoutDeal&accountId=${verdi}`)).toMatchObject([{ id }]);
    await service.call('POST', `/v1/deals/${one}/lose`, { reason: 'price' });
    await follow(one);
    expect(await read(`/v1/orders/${id}`)).toMatchObject({ dealId: two });
  });

  it('is not looked at anew for a deal of its account that it can’t be the sale of', async () => {
    const busy = await account('busy');
    for (let n = 0; n < 3; n += 1)
      await order(`BUSY-${String(n)}`, { customer: { email: 'a@busy.example' } });
    const small = await deal(busy, 5_000);
    const reconsider = vi.spyOn(Orders.prototype, 'reconsider');
    await follow(small);
    expect(reconsider).not.toHaveBeenCalled();
    const fitting = await deal(busy, 119_000);
    await follow(fitting);
    expect(reconsider).toHaveBeenCalledTimes(3);
    reconsider.mockRestore();
    expect(await read(`/v1/deals/${fitting}`)).toMatchObject({ status: 'won' });
  });

  it('belongs to none of more deals than are looked at, for another one may fit as well', async () => {
    const crowded = await account('crowded');
    const first = await read(`/v1/deals/${await deal(crowded, 119_000, { expectedCloseOn: '2026-11-30' })}`);
    const deals = new Repository(service.table, dealEntity, cause);
    const one = await deals.get(String(first.id));
    await mapConcurrently(Array.from({ length: 200 }), 20, async (_, index) =>
      deals.create(
        {
          ...one,
          id: derivedId(DealId, `crowd ${String(index)}`),
          amount: usd(1),
          expectedCloseOn: Day.parse('2026-12-24'),
        },
        [],
      ),
    );
    const last = derivedId(DealId, 'the last one');
    await deals.create(
      { ...one, id: last, amount: usd(121_000), expectedCloseOn: Day.parse('2027-12-31') },
      [],
    );
    const id = await order('C-1', { customer: { email: 'a@crowded.example' } });
    expect(await read(`/v1/orders/${id}`)).not.toHaveProperty('dealId');
  });

  it('finds a deal that it names and that is made after it', async () => {
    const bianchi = await account('bianchi');
    const id = await order('B-1', { dealRef: { externalId: 'crm-77' }, customer: { externalId: '9' } });
    expect(await read(`/v1/orders/${id}`)).toMatchObject({
      dealNote: expect.stringContaining('no deal') as string,
      attribution: { credits: [{ memberId: ids.bob }] },
    });
    const dealId = await deal(bianchi, 500_000, { externalId: 'crm-77' });
    await follow(dealId);
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({ status: 'won', amount: usd(120_000) });
    expect(await read(`/v1/orders/${id}`)).toMatchObject({ dealId });
    expect(await items(`/v1/orders?dealId=${dealId}`)).toMatchObject([{ id }]);
  });

  it('counts by itself again once its deal is reopened, and is not won a second time', async () => {
    const neri = await account('neri');
    const dealId = await deal(neri, 120_000);
    const id = await order('N-1', { customer: { email: 'a@neri.example' } });
    await service.call('POST', `/v1/deals/${dealId}/reopen`, { reason: 'A mistake' });
    await follow(dealId);
    expect(await read(`/v1/orders/${id}`)).not.toHaveProperty('dealId');
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({ status: 'open' });
    await service.call('POST', `/v1/deals/${dealId}/win`, {});
    await follow(dealId);
    expect(await read(`/v1/orders/${id}`)).toMatchObject({ dealId });
  });

  it('is detached and attached by hand, by whoever may change the deal', async () => {
    const conti = await account('conti');
    const dealId = await deal(conti, 120_000);
    const id = await order('C-1', { customer: { email: 'a@conti.example' } });
    const detach = { dealId: null };
    const foreign = await service.call('POST', `/v1/orders/${id}/deal`, detach, as(ids.carl, 'rep'));
    expect(foreign.status).toBe(404);
    const stale = await service.call('POST', `/v1/orders/${id}/deal`, detach, {
      headers: { 'if-match': '"99"' },
    });
    expect(stale.status).toBe(412);
    const detached = await service.call('POST', `/v1/orders/${id}/deal`, detach, as(ids.ada, 'rep'));
    expect(detached).toMatchObject({ status: 200 });
    expect(detached.body).not.toHaveProperty('dealId');
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({ status: 'open' });
    await order('C-1', { customer: { email: 'a@conti.example' }, updatedAt: at('2026-11-23T15:10:00Z') });
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({ status: 'open' });
    const attached = await service.call('POST', `/v1/orders/${id}/deal`, { dealId });
    expect(attached.body).toMatchObject({ dealId });
    expect(await read(`/v1/deals/${dealId}`)).toMatchObject({ status: 'won' });
    await service.call('POST', `/v1/deals/${dealId}/reopen`, { reason: 'Again' });
    await service.call('POST', `/v1/deals/${dealId}/lose`, { reason: 'price' });
    expect((await service.call('POST', `/v1/orders/${id}/deal`, { dealId })).status).toBe(409);
  });
});

describe('customers', () => {
  it('are one per store and id, with their first and last order, whatever comes first', async () => {
    const customer = { externalId: '4711', email: 'mia@gmail.com', name: 'Mia Rossi' };
    const later = at('2026-11-20T10:00:00Z');
    const second = await order('M-2', { customer, paidAt: later });
    const { customerId } = await read(`/v1/orders/${second}`);
    const first = await order('M-1', { customer, paidAt: at('2026-11-10T10:00:00Z') });
    await order('M-0', { customer, paidAt: at('2026-11-05T10:00:00Z'), test: true });
    const path = `/v1/customers/${String(customerId)}`;
    expect(await read(path)).toMatchObject({
      name: 'Mia Rossi',
      ordersCount: 2,
      firstOrder: { orderId: first, at: '2026-11-10T10:00:00.000Z' },
      lastOrder: { orderId: second, at: '2026-11-20T10:00:00.000Z' },
    });
    expect(await items(`/v1/customers?storeId=${store.id}&unmatched=true`)).toContainEqual(
      expect.objectContaining({ id: customerId }),
    );
    await orders.apply(store, { kind: 'deletion', orderExternalId: 'M-1' }, later);
    expect(await read(path)).toMatchObject({ ordersCount: 1, firstOrder: { orderId: second } });
  });

  it('buy for the first time once per account, by whichever of its customers or deals came first', async () => {
    const buyers = async (id: string) =>
      (await service.table.get({ pk: `buyer#${id}`, sk: 'state' }))?.data as
        { purchases: { at: string; orderId?: string; dealId?: string }[] } | undefined;
    const gallo = await account('gallo');
    const one = await order('G-1', {
      customer: { email: 'a@gallo.example' },
      paidAt: at('2026-11-15T10:00:00Z'),
    });
    await order('G-2', { customer: { email: 'b@gallo.example' }, paidAt: at('2026-11-16T10:00:00Z') });
    expect((await buyers(gallo))?.purchases[0]).toMatchObject({ orderId: one });
    const dealId = await deal(gallo, 900_000);
    await service.call('POST', `/v1/deals/${dealId}/win`, { closedAt: '2026-11-12T10:00:00Z' });
    await follow(dealId);
    expect((await buyers(gallo))?.purchases[0]).toMatchObject({ dealId, at: '2026-11-12T10:00:00.000Z' });
    await service.call('POST', `/v1/deals/${dealId}/reopen`, { reason: 'A mistake' });
    const { teamId: _team, version: _version, ...body } = await read(`/v1/deals/${dealId}`);
    await followDeals(
      [
        {
          deal: DealState.parse({
            ...body,
            deleted: false,
            change: { fields: ['status'], previousStatus: 'won' },
          }),
          cause,
        },
      ],
      { table: service.table, directory },
    );
    expect((await buyers(gallo))?.purchases[0]).toMatchObject({ orderId: one });
  });

  it('are matched by hand with an account, and their orders follow', async () => {
    const id = await order('H-1', { customer: { externalId: '31', email: 'luca@gmail.com', name: 'Luca' } });
    const { customerId } = await read(`/v1/orders/${id}`);
    const path = `/v1/customers/${String(customerId)}`;
    const moro = await account('moro');
    const answer = await service.call('PATCH', path, { accountId: moro });
    expect(answer).toMatchObject({ status: 200, body: { accountId: moro, matchedBy: 'hand' } });
    await run(customerId as CustomerId);
    expect(await items(`/v1/orders?accountId=${moro}`)).toMatchObject([{ id, accountId: moro }]);
    expect(await items(`/v1/customers?accountId=${moro}`)).toMatchObject([{ id: customerId }]);
  });

  it('are forgotten when erased, in their orders, too, and stay so', async () => {
    const customer = { externalId: '32', email: 'eva@gmail.com', name: 'Eva' };
    const id = await order('E-1', { customer });
    const { customerId } = await read(`/v1/orders/${id}`);
    const path = `/v1/customers/${String(customerId)}`;
    expect((await service.call('DELETE', path, undefined, as(ids.bob, 'rep'))).status).toBe(403);
    expect((await service.call('DELETE', path)).status).toBe(204);
    await run(customerId as CustomerId);
    await order('E-1', { customer, updatedAt: at('2026-11-23T15:12:00Z') });
    const texts = [await read(path), await read(`/v1/orders/${id}`)].map((each) => JSON.stringify(each));
    for (const text of texts) expect(text).not.toMatch(/Eva|eva@/);
    expect(texts[1]).toContain('"32"');
  });

  const run = async (customerId: CustomerId) => {
    const handler = customerOrders({ table: service.table, directory });
    const clock = { now: () => at('2026-11-23T15:30:00Z') };
    await handler.page(
      newJob({ id: derivedId(JobId, customerId), kind: handler.kind, input: { customerId } }, clock),
      { cause, clock },
    );
  };
});

it('lists won deals that nobody has ordered by', async () => {
  const fabbri = await account('fabbri');
  const dealId = await deal(fabbri, 44_000);
  await service.call('POST', `/v1/deals/${dealId}/win`, {});
  expect(await items(`/v1/deals-without-order?accountId=${fabbri}`)).toMatchObject([{ id: dealId }]);
  await order('F-1', { amount: 43_000, customer: { email: 'a@fabbri.example' } });
  expect(await items(`/v1/deals-without-order?accountId=${fabbri}`)).toEqual([]);
  expect(await read(`/v1/deals/${dealId}`)).toMatchObject({ amount: usd(44_000) });
});
