import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MemberTransferred } from '../../../shared/events/team.ts';
import { outboxItemOf } from '../../../shared/events/stream-record.ts';
import { DealState } from '../../../shared/events/deals.ts';
import { Day } from '../../../shared/time/instant.ts';
import type { ApiAnswer } from '../../support/call-api.ts';
import { as, ids, members, type SellingService, startSellingService, tell } from './selling-service.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const idOf = ({ body }: ApiAnswer): string => z.string().parse(body.id);

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => {
  await service.stop();
});

const newDeal = async (body: object = {}): Promise<string> => {
  const answer = await service.call('POST', '/v1/deals', {
    name: 'Pasta for Trattoria Roma',
    ownerId: ids.ada,
    amount: usd(129_900),
    ...body,
  });
  expect(answer.body).toMatchObject({ status: 'open' });
  return idOf(answer);
};
const post = async (path: string, body: object, options = {}) => service.call('POST', path, body, options);
const deal = async (id: string) => (await service.call('GET', `/v1/deals/${id}`)).body;

describe('a deal on its way', () => {
  it('starts in the first stage, moves through the others, and tells how long it stood in each', async () => {
    const id = await newDeal();
    service.clock.time += 3_600_000;
    expect((await post(`/v1/deals/${id}/stage`, { stage: 'presentation' })).body).toMatchObject({
      stage: 'presentation',
      version: 2,
    });
    const { body } = await service.call('GET', `/v1/deals/${id}/history`);
    expect(body.items).toMatchObject([
      { stage: 'prospecting', durationSeconds: 3600 },
      { stage: 'presentation', durationSeconds: 0 },
    ]);
  });

  it('names the stages that there are to who asks for another', async () => {
    const id = await newDeal();
    const answer = await post(`/v1/deals/${id}/stage`, { stage: 'signed' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: '/stage' }] } });
    expect(answer.body.errors).toMatchObject([{ message: expect.stringContaining('negotiation') as string }]);
  });

  it('freezes teams, territory and rate when it is won, so that a later transfer moves nothing', async () => {
    const id = await newDeal({ ownerId: ids.carl });
    const won = await post(`/v1/deals/${id}/win`, { closedAt: '2026-11-20T12:00:00Z' });
    const attribution = {
      credits: [{ memberId: ids.carl, basisPoints: 10_000, teamPath: [ids.southeast, ids.east] }],
      territoryPath: [ids.atlantic],
    };
    expect(won.body).toMatchObject({
      status: 'won',
      closedAt: '2026-11-20T12:00:00.000Z',
      frozenRate: { rate: '1', day: '2026-11-20' },
      attribution,
    });
    const moved = { teamId: ids.northeast, from: Day.parse('2026-11-01') };
    const { memberships } = members.carl;
    const carl = { ...members.carl, memberships: [...memberships, moved] };
    await tell(service.table, MemberTransferred, ids.carl, carl, 2);
    expect((await service.call('PATCH', `/v1/deals/${id}`, { name: 'Renamed' })).body).toMatchObject({
      name: 'Renamed',
      attribution,
    });
  });

  it('is reopened, and won again for another amount', async () => {
    const id = await newDeal();
    await post(`/v1/deals/${id}/lose`, { reason: 'price' });
    expect((await post(`/v1/deals/${id}/win`, {})).status).toBe(409);
    expect((await post(`/v1/deals/${id}/reopen`, { reason: 'They called back' })).body).toMatchObject({
      status: 'open',
      reopenReason: 'They called back',
    });
    const won = await post(`/v1/deals/${id}/win`, { amount: usd(99_900) });
    expect(won.body).toMatchObject({ status: 'won', amount: usd(99_900), reportingAmount: usd(99_900) });
    expect(won.body).not.toHaveProperty('lostReason');
  });

  it('takes a refund once, however often it is sent, and never more than it brought in', async () => {
    const id = await newDeal();
    await post(`/v1/deals/${id}/win`, {});
    const refund = { kind: 'refund', amount: usd(29_900), reason: 'Two crates broken' };
    const headers = { 'idempotency-key': 'refund-1' };
    await post(`/v1/deals/${id}/adjustments`, refund, { headers });
    const again = await post(`/v1/deals/${id}/adjustments`, refund, { headers });
    expect(again.body.adjustments).toMatchObject([
      { kind: 'refund', amount: usd(-29_900), reportingAmount: usd(-29_900) },
    ]);
    const tooMuch = await post(`/v1/deals/${id}/adjustments`, { ...refund, amount: usd(100_001) });
    expect(tooMuch).toMatchObject({ status: 422, body: { errors: [{ path: '/amount/amount' }] } });
  });

  it('closes in another currency at the latest rate up to the close, and says if that is of an earlier day', async () => {
    await service.call('PUT', '/v1/fx-rates/2026-02-27', { rates: { EUR: '1.0833' } });
    await service.call('PUT', '/v1/fx-rates/2026-03-03', { rates: { EUR: '9' } });
    const id = await newDeal({ amount: { amount: 10_000, currency: 'EUR' } });
    const won = await post(`/v1/deals/${id}/win`, { closedAt: '2026-03-02T12:00:00Z' });
    expect(won.body).toMatchObject({
      reportingAmount: usd(10_833),
      frozenRate: { currency: 'USD', rate: '1.0833', day: '2026-02-27', isEarlier: true },
      rateNote: expect.stringContaining('2026-02-27') as string,
    });
  });

  it('is gone once deleted', async () => {
    const id = await newDeal({ externalId: 'crm-gone' });
    expect((await service.call('DELETE', `/v1/deals/${id}`)).status).toBe(204);
    expect((await service.call('GET', `/v1/deals/${id}`)).status).toBe(404);
  });

  it('writes its state and the event that tells it in one item', async () => {
    const id = await newDeal();
    await post(`/v1/deals/${id}/win`, {});
    const item = await service.table.get({ pk: `deal#${id}`, sk: 'state' });
    expect(item?.outbox).toMatchObject([
      { type: 'DealWon.v1', change: { change: { previousStatus: 'open' } } },
    ]);
    expect(DealState.safeParse(item?.data).success).toBe(true);
    expect(outboxItemOf({})).toBeUndefined();
  });
});

describe('what is not done', () => {
  it('refuses a second win, and leaves the first as it is', async () => {
    const id = await newDeal();
    await post(`/v1/deals/${id}/win`, {});
    const again = await post(`/v1/deals/${id}/win`, { amount: usd(1) });
    expect(again).toMatchObject({ status: 409, body: { title: 'Invalid transition' } });
    expect(await deal(id)).toMatchObject({ version: 2, amount: usd(129_900) });
  });

  it('lets only one of two writers through who read the same version', async () => {
    const id = await newDeal();
    const answers = await Promise.all([
      post(`/v1/deals/${id}/win`, {}, { headers: { 'if-match': '"1"' } }),
      post(`/v1/deals/${id}/lose`, { reason: 'price' }, { headers: { 'if-match': '"1"' } }),
    ]);
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses[0]).toBe(200);
    expect([409, 412]).toContain(statuses[1]);
    expect(await deal(id)).toMatchObject({ version: 2 });
  });

  it('refuses a stale If-Match', async () => {
    const id = await newDeal();
    await service.call('PATCH', `/v1/deals/${id}`, { nextStep: 'Call' });
    const stale = await service.call(
      'PATCH',
      `/v1/deals/${id}`,
      { nextStep: 'Write' },
      { headers: { 'if-match': '"1"' } },
    );
    expect(stale.status).toBe(412);
    expect(await deal(id)).toMatchObject({ nextStep: 'Call' });
  });

  it('answers a repeated creation with the first one, and the same key with another body with 422', async () => {
    const body = { name: 'Once', ownerId: ids.ada, amount: usd(1) };
    const headers = { 'idempotency-key': 'deal-1' };
    const first = await post('/v1/deals', body, { headers });
    const again = await post('/v1/deals', body, { headers });
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id, version: 1 } });
    expect((await post('/v1/deals', { ...body, name: 'Twice' }, { headers })).status).toBe(422);
    expect((await post('/v1/deals', { ...body, externalId: 'x-1' }, { headers })).status).toBe(422);
  });

  it('keeps external ids unique, and answers a repetition of their creation', async () => {
    const body = { name: 'From the CRM', ownerId: ids.ada, amount: usd(1), externalId: 'crm-1' };
    const headers = { 'idempotency-key': 'deal-2' };
    const first = await post('/v1/deals', body, { headers });
    expect((await post('/v1/deals', body, { headers })).body.id).toBe(first.body.id);
    expect((await post('/v1/deals', { ...body, name: 'Other' }, { headers })).status).toBe(422);
    expect((await post('/v1/deals', body)).status).toBe(409);
    // The same words under a key of someone else are no repetition: the deal may be nothing for their eyes.
    const other = { headers: { 'idempotency-key': 'other' }, ...as(ids.ada, 'admin') };
    expect((await post('/v1/deals', body, other)).status).toBe(409);
  });

  it.each([
    ['a negative amount', { amount: usd(-1) }, 400],
    ['a fractional amount', { amount: usd(1.5) }, 400],
    ['an unknown currency', { amount: { amount: 1, currency: 'XYZ' } }, 400],
    ['an unknown field', { colour: 'red' }, 400],
    ['splits of 99 %', { splits: [{ memberId: ids.ada, basisPoints: 9_900 }] }, 422],
    [
      'more splits than can be looked up',
      { splits: Array.from({ length: 500 }, () => ({ memberId: ids.ada, basisPoints: 20 })) },
      400,
    ],
    ['an amount too large to be added up exactly', { amount: usd(Number.MAX_SAFE_INTEGER) }, 422],
    ['a day that does not exist', { startedAt: '2026-02-30T00:00:00Z' }, 400],
    ['a start in the future', { startedAt: '2027-01-01T00:00:00Z' }, 422],
    ['an unknown account', { accountId: 'acct_01JD0000000000000000000000' }, 422],
    ['a stage that there is not', { stage: 'signed' }, 422],
  ])('refuses %s', async (_what, change, status) => {
    const body = { name: 'Bad', ownerId: ids.ada, amount: usd(1), ...change };
    const answer = await post('/v1/deals', body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors).toHaveLength(1);
  });

  it('refuses an amount in another currency than the deal’s', async () => {
    const id = await newDeal();
    const answer = await post(`/v1/deals/${id}/win`, { amount: { amount: 1, currency: 'EUR' } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: '/amount/currency' }] } });
    const future = await post(`/v1/deals/${id}/win`, { closedAt: '2026-12-24T00:00:00Z' });
    expect(future).toMatchObject({ status: 422, body: { errors: [{ path: '/closedAt' }] } });
    expect(await deal(id)).toMatchObject({ version: 1 });
  });
});

describe('who sees what', () => {
  it('shows reps their own deals, managers those of their teams, and others none', async () => {
    const id = await newDeal({ ownerId: ids.bob, name: 'Bob’s' });
    const get = async (options: object) =>
      (await service.call('GET', `/v1/deals/${id}`, undefined, options)).status;
    expect(await get(as(ids.bob, 'rep'))).toBe(200);
    expect(await get(as(ids.ada, 'rep'))).toBe(404);
    expect(await get(as(ids.giulia, 'manager'))).toBe(200);
    const list = await service.call('GET', '/v1/deals?limit=200', undefined, as(ids.bob, 'rep'));
    expect(list.body.items).toMatchObject([{ id }]);
  });

  it('lets a rep take part in a shared deal, but not change it', async () => {
    const splits = [
      { memberId: ids.bob, basisPoints: 7_000 },
      { memberId: ids.ada, basisPoints: 3_000 },
    ];
    const id = await newDeal({ ownerId: ids.bob, splits });
    const ada = as(ids.ada, 'rep');
    expect((await service.call('GET', `/v1/deals/${id}`, undefined, ada)).status).toBe(200);
    expect((await post(`/v1/deals/${id}/win`, {}, ada)).status).toBe(403);
    expect((await post('/v1/deals', { name: 'For Bob', ownerId: ids.bob }, ada)).status).toBe(403);
  });
});

describe('the list of deals', () => {
  it('finds them by owner, team, account, stage, status and dates, page by page', async () => {
    const account = idOf(await post('/v1/accounts', { name: 'Osteria Blu', industry: 'restaurants' }));
    const expected = ['2027-01-10', '2027-01-20', '2027-01-30', '2027-02-10'];
    for (const [index, expectedCloseOn] of expected.entries()) {
      const ownerId = index % 2 === 0 ? ids.ada : ids.giulia;
      await newDeal({ accountId: account, expectedCloseOn, ownerId, name: expectedCloseOn });
    }
    const names = async (query: string) => {
      const found: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { status, body } = await service.call('GET', `/v1/deals?${query}&limit=1${page}`);
        expect(status).toBe(200);
        found.push(
          ...z
            .array(z.object({ name: z.string() }))
            .parse(body.items)
            .map(({ name }) => name),
        );
        cursor = z.string().optional().parse(body.nextCursor);
      } while (cursor !== undefined);
      return found;
    };
    expect(await names(`accountId=${account}`)).toEqual(expected);
    expect(await names('expectedFrom=2027-01-20&expectedTo=2027-01-30')).toEqual(expected.slice(1, 3));
    expect(await names(`ownerId=${ids.giulia}`)).toEqual([expected[1], expected[3]]);
    expect(await names(`teamId=${ids.northeast}&expectedFrom=2027-01-01`)).toEqual([
      expected[0],
      expected[2],
    ]);
    expect(await names(`accountId=${account}&status=won`)).toEqual([]);
    expect(await names(`accountId=${account}&stage=closing`)).toEqual([]);
  });

  it('lists won deals by close, the latest first, and refuses a cursor of another list', async () => {
    const ownerId = ids.giulia;
    for (const closedAt of ['2026-05-01T12:00:00Z', '2026-05-02T12:00:00Z']) {
      const id = await newDeal({ ownerId, name: closedAt });
      await post(`/v1/deals/${id}/win`, { closedAt });
    }
    const path = `/v1/deals?ownerId=${ownerId}&closedFrom=2026-05-01&closedTo=2026-05-02&limit=1`;
    const { body } = await service.call('GET', path);
    expect(body.items).toMatchObject([{ name: '2026-05-02T12:00:00Z' }]);
    const cursor = encodeURIComponent(String(body.nextCursor));
    expect((await service.call('GET', `${path}&cursor=${cursor}`)).body.items).toMatchObject([
      { name: '2026-05-01T12:00:00Z' },
    ]);
    expect((await service.call('GET', `/v1/deals?status=won&cursor=${cursor}`)).status).toBe(400);
  });
});

describe('accounts, products and rates', () => {
  it('keeps SKUs unique, whatever their case', async () => {
    const product = { sku: 'LAS-12', name: 'Lasagne', listPrice: usd(4_680) };
    const first = await post('/v1/products', product);
    expect(first.status).toBe(201);
    expect((await post('/v1/products', { ...product, sku: 'las-12' })).status).toBe(409);
    const id = await newDeal({ amount: undefined, lineItems: [{ productId: first.body.id, quantity: 3 }] });
    expect(await deal(id)).toMatchObject({ amount: usd(14_040) });
  });

  it('empties a field of an account with null, and changes nothing for nothing', async () => {
    const path = `/v1/accounts/${idOf(await post('/v1/accounts', { name: 'Bella', industry: 'retail' }))}`;
    expect((await service.call('PATCH', path, { industry: 'retail' })).body.version).toBe(1);
    const { body } = await service.call('PATCH', path, { industry: null });
    expect(body).toMatchObject({ version: 2 });
    expect(body).not.toHaveProperty('industry');
  });

  it('refuses a rate of zero and one of the reporting currency', async () => {
    const set = async (rates: object) =>
      (await service.call('PUT', '/v1/fx-rates/2026-01-01', { rates })).status;
    expect(await set({ EUR: '0' })).toBe(400);
    expect(await set({ USD: '1' })).toBe(422);
    expect(await set({ EUR: '1.05' })).toBe(200);
  });
});
