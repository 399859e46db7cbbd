import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shopifyOrder } from '../../../infra/local/demo/shopify-order.ts';
import { customerEntity } from '../../../services/deals/commerce/customer-entities.ts';
import { orderEntity, StoreRecord, storeEntity } from '../../../services/deals/commerce/entities.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import { readShopify } from '../../../services/deals/domain/commerce/shopify.ts';
import { AccountIdentities } from '../../../services/deals/accounts/identities.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { derivedId, OrderId, StoreId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { cause, merging, usd } from './merging.ts';
import { ids, type SellingService, startSellingService } from './selling-service.ts';

const store = StoreRecord.parse({
  id: derivedId(StoreId, 'pastapro'),
  name: 'PastaPro web shop',
  platform: 'shopify',
  currency: 'USD',
  createdAt: '2026-01-05T09:00:00Z',
});
const AT = Instant.parse('2026-11-05T09:00:00Z');

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

/** A paid order of a customer with this address. */
const order = async (number: number, email: string, dealId?: string): Promise<OrderId> => {
  const externalId = `9876543${String(number)}`;
  const lines = [{ sku: 'LAS-12', title: 'Lasagne sheets', quantity: 10, price: '46.80' }];
  const read = readShopify({
    topic: 'orders/paid',
    body: shopifyOrder({ id: externalId, number, at: AT, lines }),
    triggeredAt: AT,
  });
  if (read.kind !== 'snapshot') throw new Error('no order');
  const orders = new Orders({ table: service.table, directory: new Directory(service.table), cause });
  const snapshot = {
    ...read.snapshot,
    customer: { externalId: email, email },
    ...(dealId && { dealRef: { id: dealId } }),
  };
  await orders.apply(store, { ...read, snapshot } as typeof read, AT);
  return derivedId(OrderId, store.id, externalId);
};
const stored = async (id: string) => new Repository(service.table, orderEntity, cause).get(id);
const customerOf = async (id: string) =>
  new Repository(service.table, customerEntity, cause).get(String((await stored(id)).customerId));

describe('what belongs to an account', () => {
  it('moves with a merge, contacts, activities, customers and orders alike, and comes back', async () => {
    const a = await at.account({ name: 'A', ownerId: ids.ada, industry: 'restaurants' });
    const b = await at.account({ name: 'B', ownerId: ids.ada, email: 'shop@b.example', industry: 'hotels' });
    const contact = await at.made('/v1/contacts', { lastName: 'Serra', accountId: b, email: 'e@b.example' });
    const activity = await at.made('/v1/activities', { kind: 'call', accountId: b, ownerId: ids.ada });
    const id = await order(1, 'shop@b.example');
    const before = await stored(id);
    expect(before).toMatchObject({ accountId: b, attribution: { accountId: b, industry: 'hotels' } });
    const merge = await at.merge(a, b);
    expect(await at.read(`/v1/account-merges/${merge}`)).toMatchObject({
      moved: { contacts: 1, activities: 1, customers: 1, orders: 1 },
    });
    expect(await at.read(`/v1/contacts/${contact}`)).toMatchObject({ accountId: a });
    expect(await at.read(`/v1/activities/${activity}`)).toMatchObject({ accountId: a });
    const { items } = await service.table.query({ index: 'gsi2', pk: `order#account#${a}` });
    expect(items).toMatchObject([{ orderId: id }]);
    const moved = await stored(id);
    expect(moved).toMatchObject({
      accountId: a,
      attribution: { ...before.attribution, accountId: a },
      valuation: before.valuation,
    });
    expect(await customerOf(id)).toMatchObject({ accountId: a });
    expect(await stored(await order(2, 'shop@b.example'))).toMatchObject({ accountId: a });
    const identities = new AccountIdentities(service.table);
    expect(await identities.find({ kind: 'email', value: 'e@b.example' })).toEqual([a]);

    await at.undo(merge);
    expect(await at.read(`/v1/contacts/${contact}`)).toMatchObject({ accountId: b });
    expect(await at.read(`/v1/activities/${activity}`)).toMatchObject({ accountId: b });
    const { version: _is, ...restored } = await stored(id);
    const { version: _was, ...was } = before;
    expect(restored).toEqual(was);
    expect(await customerOf(id)).toMatchObject({ accountId: b });
    expect(await identities.find({ kind: 'email', value: 'e@b.example' })).toEqual([b]);
  });

  it('is moved with its deal, where an order belongs to one', async () => {
    const [a, b] = [await at.account({ name: 'A' }), await at.account({ name: 'B' })];
    const deal = await at.wonDeal(b, { amount: usd(46_800) });
    const id = await order(3, 'guest@elsewhere.example', deal);
    expect(await stored(id)).toMatchObject({
      deal: { id: deal, state: 'settled' },
      attribution: { accountId: b },
    });
    const merge = await at.merge(a, b);
    expect(await stored(id)).toMatchObject({ attribution: { accountId: a } });
    await at.undo(merge);
    expect(await stored(id)).toMatchObject({ attribution: { accountId: b } });
  });

  it('may be two contacts of one address afterwards, and each can still be changed', async () => {
    const [a, b] = [await at.account({ name: 'A' }), await at.account({ name: 'B' })];
    const email = 'enzo@rossi.example';
    const contact = async (accountId: string) =>
      at.made('/v1/contacts', { lastName: 'Serra', accountId, email });
    const [own, others] = [await contact(a), await contact(b)];
    const merge = await at.merge(a, b);
    expect(await at.read(`/v1/contacts/${others}`)).toMatchObject({ accountId: a, email, sharesEmail: true });
    await at.request('PATCH', `/v1/contacts/${own}`, { email: 'new@rossi.example' }, 200);
    await at.request('PATCH', `/v1/contacts/${others}`, { jobTitle: 'Chef' }, 200);
    await at.undo(merge);
    const restored = await at.read(`/v1/contacts/${others}`);
    expect(restored).toMatchObject({ accountId: b, email, jobTitle: 'Chef' });
    expect(restored).not.toHaveProperty('sharesEmail');
  });
});
