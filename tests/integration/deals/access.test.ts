import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopifyOrder } from '../../../infra/local/demo/shopify-order.ts';
import { StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { Orders } from '../../../services/deals/commerce/orders.ts';
import { readShopify } from '../../../services/deals/domain/commerce/shopify.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { MemberDeparted } from '../../../shared/events/team.ts';
import { derivedId, OrderId, StoreId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { as, ids, members, type SellingService, startSellingService, tell } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const at = Instant.parse('2026-11-20T10:00:00Z');
const store = StoreRecord.parse({
  id: derivedId(StoreId, 'web shop'),
  name: 'Web shop',
  platform: 'shopify',
  currency: 'USD',
  ownerId: ids.bob,
  createdAt: at,
});

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => {
  await service.stop();
});

describe('what concerns the whole organization', () => {
  const secrets = ['a secret of eight'];
  it.each([
    ['POST', '/v1/stores', { name: 'Mine', platform: 'shopify', currency: 'USD', secrets }],
    ['PATCH', `/v1/stores/${store.id}`, { ownerId: ids.ada, secrets }],
    ['PUT', '/v1/fx-rates/2026-11-20', { rates: { EUR: '1000' } }],
    ['POST', '/v1/imports/deals', { csv: 'externalId,owner,stage\n1,Bob Stone,won\n', currency: 'USD' }],
    ['POST', '/v1/imports/accounts', { csv: 'name\nTrattoria Roma\n' }],
  ])('is no rep’s and no manager’s to change: %s %s', async (method, path, body) => {
    for (const someone of [as(ids.ada, 'rep'), as(ids.giulia, 'manager')])
      expect((await service.call(method, path, body, someone)).status).toBe(403);
  });

  it('is an admin’s', async () => {
    const answer = await service.call(
      'PUT',
      '/v1/fx-rates/2026-11-20',
      { rates: { EUR: '1.1' } },
      as(ids.ada, 'admin'),
    );
    expect(answer.status).toBe(200);
  });
});

describe('the canary’s source', () => {
  const fields = { name: 'Watched', ownerId: ids.ada, source: 'canary' };

  it('may be given by systems', async () => {
    const answer = await service.call('POST', '/v1/deals', fields);
    expect(answer).toMatchObject({ status: 201, body: { source: 'canary' } });
  });

  it.each(['rep', 'manager', 'admin'] as const)('is no %s’s to give', async (role) => {
    const someone = as(role === 'rep' ? ids.ada : ids.giulia, role);
    const refused = { status: 422, body: { errors: [{ path: '/source' }] } };
    expect(await service.call('POST', '/v1/deals', fields, someone)).toMatchObject(refused);
    const { body } = await service.call('POST', '/v1/deals', { ...fields, source: 'fair' }, someone);
    const path = `/v1/deals/${String(body.id)}`;
    expect(await service.call('PATCH', path, { source: 'canary' }, someone)).toMatchObject(refused);
    expect((await service.call('PATCH', path, { source: null }, someone)).status).toBe(200);
  });
});

describe('a store’s orders', () => {
  it('are seen by whom they count for, by those above, and by no other rep', async () => {
    const orders = new Orders({ table: service.table, directory: new Directory(service.table), cause });
    const line = { sku: 'LAS-12', title: 'Lasagne sheets', quantity: 1, price: '46.80' };
    const body = shopifyOrder({ id: '77', number: 7, at, lines: [line], currency: 'USD' });
    await orders.apply(store, readShopify({ topic: 'orders/paid', body, triggeredAt: at }), at);
    const path = `/v1/orders/${derivedId(OrderId, store.id, '77')}`;
    const seenBy = async (options: object) => [
      (await service.call('GET', path, undefined, options)).status,
      (await service.call('GET', `/v1/orders?storeId=${store.id}`, undefined, options)).body.items,
    ];
    for (const someone of [{}, as(ids.bob, 'rep'), as(ids.giulia, 'manager')])
      expect(await seenBy(someone)).toMatchObject([200, [{ externalId: '77' }]]);
    expect(await seenBy(as(ids.ada, 'rep'))).toEqual([404, []]);
  });
});

describe('who has left', () => {
  it('is shut out at once, whatever the token still says', async () => {
    const accounts = async () =>
      (await service.call('GET', '/v1/accounts', undefined, as(ids.carl, 'admin'))).status;
    expect(await accounts()).toBe(200);
    await tell(service.table, MemberDeparted, ids.carl, { ...members.carl, status: 'departed' }, 2);
    expect(await accounts()).toBe(403);
  });
});
