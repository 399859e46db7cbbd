import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { storeEntity, StoreRecord } from '../../../services/deals/commerce/entities.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { derivedId, StoreId } from '../../../shared/ids/id.ts';
import type { ApiAnswer, CallOptions } from '../../support/call-api.ts';
import { as, ids, NOW, type SellingService, startSellingService } from './selling-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;
const idOf = ({ body }: ApiAnswer): string => z.string().parse(body.id);
const itemsOf = ({ body }: ApiAnswer) => z.array(z.looseObject({})).parse(body.items);

const storeId = derivedId(StoreId, 'shop');
let service: SellingService;
let account: string;
let deal: string;
beforeAll(async () => {
  service = await startSellingService();
  const shop = { name: 'Shop', platform: 'shopify', currency: 'USD', ownerId: ids.bob, createdAt: NOW };
  const stores = new Repository(service.table, storeEntity, cause);
  await stores.create(StoreRecord.parse({ id: storeId, ...shop }), []);
  account = idOf(await post('/v1/accounts', { name: 'Trattoria Rossi' }));
  const amount = { amount: 100, currency: 'USD' };
  deal = idOf(await post('/v1/deals', { name: 'Menu', ownerId: ids.ada, accountId: account, amount }));
});
afterAll(async () => {
  await service.stop();
});

const post = async (path: string, body: unknown, options: CallOptions = {}) =>
  service.call('POST', path, body, options);
const get = async (path: string, options: CallOptions = {}) => service.call('GET', path, undefined, options);

describe('traffic', () => {
  const day = (n: number, sessions: number, more: object = {}) => ({
    storeId,
    day: `2026-11-${String(n).padStart(2, '0')}`,
    sessions,
    ...more,
  });
  const traffic = async (range = '') => itemsOf(await get(`/v1/traffic?storeId=${storeId}${range}`));

  it('has each day once: told again it is replaced, and the same again changes nothing', async () => {
    await post('/v1/traffic', [day(1, 100, { visitors: 80 }), day(2, 200), day(3, 300)]);
    const again = await post('/v1/traffic', [day(1, 110), day(2, 200)]);
    expect(itemsOf(again)).toMatchObject([
      { outcome: 'replaced', version: 2 },
      { outcome: 'unchanged', version: 1 },
    ]);
    const [first, ...others] = await traffic('&from=2026-11-01&to=2026-11-02');
    expect(first).toMatchObject({ sessions: 110 });
    expect(first).not.toHaveProperty('visitors');
    expect(others).toHaveLength(1);
    expect(itemsOf(await post('/v1/traffic', day(3, 301)))).toMatchObject([{ sessions: 301, version: 2 }]);
  });

  it('of a day in the future, of no store, of more visitors than sessions and of a day twice is refused, all at once', async () => {
    const answer = await post('/v1/traffic', [
      day(10, 5),
      day(24, 5),
      { ...day(11, 5), storeId: derivedId(StoreId, 'nowhere') },
      day(12, 5, { visitors: 6 }),
      day(10, 6),
    ]);
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/1/day' }, { path: '/2/storeId' }, { path: '/3/visitors' }, { path: '/4' }] },
    });
    expect(await traffic('&from=2026-11-10')).toEqual([]);
    expect((await post('/v1/traffic', day(13, -1))).status).toBe(400);
    expect((await post('/v1/traffic', [])).status).toBe(400);
    expect((await post('/v1/traffic', day(13, 1), as(ids.ada, 'rep'))).status).toBe(403);
  });

  it('of today may be told in the organization’s zone, and not a moment earlier', async () => {
    service.clock.time = Date.parse('2026-11-24T04:30:00Z');
    expect((await post('/v1/traffic', day(24, 5))).status).toBe(422);
    service.clock.time = Date.parse('2026-11-24T05:30:00Z');
    expect((await post('/v1/traffic', day(24, 5))).status).toBe(200);
    service.clock.time = Date.parse(NOW);
  });
});

describe('feedback', () => {
  it('on another scale is mapped to 1–5, and says so', async () => {
    const mapped = await post('/v1/feedback', { kind: 'csat', score: 6, scale: '1-7', dealId: deal });
    expect(mapped).toMatchObject({
      status: 201,
      body: { value: 4, score: 6, scale: '1-7', mapped: true, ownerId: ids.ada, accountId: account },
    });
    const plain = await post('/v1/feedback', { kind: 'csat', score: 5, accountId: account });
    expect(plain.body).toMatchObject({ value: 5, scale: '1-5', mapped: false });
  });

  it.each([
    [{ kind: 'csat', score: 7 }, '/score', 'must be from 1 to 5 on the scale 1-5'],
    [{ kind: 'csat', score: 0, scale: '1-10' }, '/score', 'must be from 1 to 10 on the scale 1-10'],
    [{ kind: 'nps', score: 11 }, '/score', 'must be from 0 to 10 on the scale 0-10'],
    [{ kind: 'nps', score: 3, scale: '1-5' }, '/scale', 'must be 0-10 for nps'],
    [
      { kind: 'csat', score: 3, answeredAt: '2026-11-24T00:00:00Z' },
      '/answeredAt',
      'must not be later than now',
    ],
  ])('as %j is refused at %s', async (answer, path, message) => {
    expect(await post('/v1/feedback', { ...answer, accountId: account })).toMatchObject({
      status: 422,
      body: { errors: [{ path, message: expect.stringContaining(message) as string }] },
    });
  });

  it('about nothing that there is, is refused', async () => {
    expect((await post('/v1/feedback', { kind: 'nps', score: 9 })).status).toBe(422);
    const nowhere = {
      dealId: 'deal_01JD0000000000000000000000',
      storeId: 'store_01JD0000000000000000000000',
    };
    expect(await post('/v1/feedback', { kind: 'nps', score: 9, ...nowhere })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/storeId' }, { path: '/dealId' }] },
    });
  });

  it('is one answer, however often it is told; another score corrects it', async () => {
    const told = { kind: 'nps', score: 9, accountId: account, externalId: 'survey-1' };
    const first = await post('/v1/feedback', told);
    service.clock.time += 60_000;
    const again = await post('/v1/feedback', told);
    expect(again).toMatchObject({ status: 200, body: { id: idOf(first), version: 1 } });
    const corrected = await post('/v1/feedback', { ...told, score: 3 });
    expect(corrected).toMatchObject({ status: 200, body: { id: idOf(first), version: 2, value: 3 } });
    service.clock.time = Date.parse(NOW);
    const keyed = { headers: { 'idempotency-key': 'answer-1' } };
    const body = { kind: 'nps', score: 7, accountId: account };
    const once = idOf(await post('/v1/feedback', body, keyed));
    expect(idOf(await post('/v1/feedback', body, keyed))).toBe(once);
    expect((await post('/v1/feedback', { ...body, score: 8 }, keyed)).status).toBe(422);
  });

  it('is listed by account, store, owner, kind and days, and shown as its deal is', async () => {
    const answer = { kind: 'csat', score: 2, answeredAt: '2026-10-05T12:00:00Z' };
    const onDeal = idOf(await post('/v1/feedback', { ...answer, dealId: deal }));
    const onStore = idOf(await post('/v1/feedback', { ...answer, kind: 'nps', storeId }));
    const october = '/v1/feedback?from=2026-10-05&to=2026-10-05';
    const ofOctober = async (more = '', options: CallOptions = {}) =>
      itemsOf(await get(october + more, options)).map(({ id }) => id);
    expect((await ofOctober()).toSorted()).toEqual([onDeal, onStore].toSorted());
    expect(await ofOctober('&kind=nps')).toEqual([onStore]);
    expect(await ofOctober(`&ownerId=${ids.bob}`)).toEqual([onStore]);
    expect(await ofOctober(`&storeId=${storeId}`)).toEqual([onStore]);
    expect(await ofOctober(`&accountId=${account}`)).toEqual([onDeal]);
    expect(await ofOctober('', as(ids.carl, 'rep'))).toEqual([onStore]);
    expect((await get(`/v1/feedback/${onDeal}`, as(ids.carl, 'rep'))).status).toBe(404);
  });

  it('that is deleted takes the comment with it, and does not come back', async () => {
    const told = {
      kind: 'csat',
      score: 1,
      accountId: account,
      comment: 'Nico was rude',
      externalId: 'survey-2',
    };
    const id = idOf(await post('/v1/feedback', told));
    expect((await service.call('DELETE', `/v1/feedback/${id}`)).status).toBe(204);
    expect((await get(`/v1/feedback/${id}`)).status).toBe(404);
    const item = await service.table.get({ pk: `feedback#${id}`, sk: 'state' });
    expect(JSON.stringify(item)).not.toContain('Nico');
    expect((await post('/v1/feedback', told)).status).toBe(409);
  });

  it('has a count of who was asked, which is replaced when it is told again', async () => {
    const count = { kind: 'csat', day: '2026-11-20', asked: 120 };
    await post('/v1/feedback-invitations', [count, { ...count, storeId }]);
    await post('/v1/feedback-invitations', { ...count, asked: 130 });
    const listed = itemsOf(await get('/v1/feedback-invitations?from=2026-11-20&to=2026-11-20'));
    expect(listed.map(({ asked }) => asked).toSorted()).toEqual([120, 130]);
    expect((await post('/v1/feedback-invitations', { ...count, day: '2026-11-25' })).status).toBe(422);
  });
});
