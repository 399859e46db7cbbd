import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { followActivity } from '../../../services/deals/follow-ups/movements.ts';
import { ActivityLogged } from '../../../shared/events/activities.ts';
import { derivedId, ActivityId } from '../../../shared/ids/id.ts';
import type { ApiAnswer, CallOptions } from '../../support/call-api.ts';
import { delivered } from '../../support/run-jobs.ts';
import { as, ids, NOW, type SellingService, startSellingService } from './selling-service.ts';

let service: SellingService;
beforeAll(async () => {
  service = await startSellingService();
});
afterAll(async () => {
  await service.stop();
});

const usd = (amount: number) => ({ amount, currency: 'USD' });
const idOf = ({ body }: ApiAnswer): string => z.string().parse(body.id);
const post = async (path: string, body: object, options: CallOptions = {}) =>
  service.call('POST', path, body, options);
const made = async (path: string, body: object): Promise<string> => {
  const answer = await post(path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return idOf(answer);
};
const newDeal = async (body: object = {}): Promise<string> =>
  made('/v1/deals', { name: 'Pasta', ownerId: ids.ada, amount: usd(100), ...body });
const deal = async (id: string) => (await service.call('GET', `/v1/deals/${id}`)).body;
const names = async (query: string, options: CallOptions = {}): Promise<string[]> => {
  const answer = await service.call('GET', `/v1/deals?${query}`, undefined, options);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return z
    .array(z.object({ name: z.string() }))
    .parse(answer.body.items)
    .map(({ name }) => name)
    .toSorted();
};

describe('the questions of a rep', () => {
  it('are answered: mine, closing when, called what, forecast how, with whom, without a next step', async () => {
    const accountId = await made('/v1/accounts', { name: 'Osteria Due' });
    const contactId = await made('/v1/contacts', { lastName: 'Greco', accountId });
    await newDeal({ name: 'This month', expectedCloseOn: '2026-11-30', accountId, contactIds: [contactId] });
    await newDeal({ name: 'This quarter', expectedCloseOn: '2026-12-31', nextStep: 'Call' });
    await newDeal({ name: 'Overdue', expectedCloseOn: '2026-11-22', probability: 0.4 });
    await newDeal({ name: 'Some day', forecastCategory: 'commit' });
    await newDeal({ name: 'Bob’s LASAGNE', ownerId: ids.bob, expectedCloseOn: '2027-01-01' });
    const won = await newDeal({ name: 'Won' });
    await post(`/v1/deals/${won}/win`, {});

    expect(await names('ownerId=me&status=open', as(ids.bob, 'rep'))).toEqual(['Bob’s LASAGNE']);
    expect(await names('ownerId=me', as(ids.giulia, 'manager'))).toEqual([]);
    expect(await names('closing=thisMonth')).toEqual(['Overdue', 'This month']);
    expect(await names('closing=thisQuarter')).toEqual(['Overdue', 'This month', 'This quarter']);
    expect(await names('closing=overdue')).toEqual(['Overdue']);
    expect(await names('q=%20lasagne')).toEqual(['Bob’s LASAGNE']);
    expect(await names('q=THIS')).toEqual(['This month', 'This quarter']);
    expect(await names('forecastCategory=commit')).toEqual(['Some day']);
    expect(await names('forecastCategory=closed')).toEqual(['Won']);
    expect(await names(`contactId=${contactId}`)).toEqual(['This month']);
    expect(await names(`accountId=${accountId}&q=month`)).toEqual(['This month']);
    expect(await names('withoutNextStep=true&closing=thisQuarter')).toEqual(['Overdue', 'This month']);
    expect(await names('withoutNextStep=false&status=open')).toEqual(['This quarter']);
  });

  it('that make no sense are refused', async () => {
    const status = async (query: string) => (await service.call('GET', `/v1/deals?${query}`)).status;
    expect(await status('ownerId=me')).toBe(400);
    expect(await status('closing=thisMonth&expectedTo=2026-12-01')).toBe(400);
    expect(await status('closing=nextYear')).toBe(400);
    expect(await status('q=%20')).toBe(400);
  });
});

describe('a deal with discounts', () => {
  const pipelineOf = async () =>
    made('/v1/pipelines', {
      name: 'Tight',
      stages: [{ key: 'a', name: 'A', probability: 0.5, rottingDays: 9 }],
      discountApprovalAbove: 0.1,
    });

  it('is won once the owner’s manager has approved them, never by the owner alone, and again after they grow', async () => {
    const productId = await made('/v1/products', { sku: 'LAS-1', name: 'Lasagne', listPrice: usd(1_000) });
    const line = (basisPoints: number) => [{ productId, quantity: 3, discount: { basisPoints } }];
    const fields = { amount: undefined, pipelineId: await pipelineOf() };
    const id = await newDeal({ ...fields, lineItems: line(1_001) });
    expect(await deal(id)).toMatchObject({
      amount: usd(2_700),
      lineItems: [{ listPrice: usd(1_000), discount: usd(300), discountBasisPoints: 1_001 }],
    });
    await service.call('PATCH', `/v1/deals/${id}`, { lineItems: line(2_000) });

    const refused = await post(`/v1/deals/${id}/win`, {}, as(ids.ada, 'rep'));
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.body.detail).toContain(ids.giulia);
    const approve = async (options: CallOptions) =>
      (await post(`/v1/deals/${id}/approve-discount`, {}, options)).status;
    expect(await approve(as(ids.ada, 'rep'))).toBe(403);
    expect(await approve(as(ids.ada, 'admin'))).toBe(403);
    expect(await approve(as(ids.bob, 'rep'))).toBe(404);
    expect(await approve({ ...as(ids.giulia, 'manager'), headers: { 'if-match': '"1"' } })).toBe(412);
    expect(await approve(as(ids.giulia, 'manager'))).toBe(200);
    expect(await deal(id)).toMatchObject({ discountApproval: { by: ids.giulia } });

    await service.call('PATCH', `/v1/deals/${id}`, { lineItems: line(3_000) });
    expect(await deal(id)).not.toHaveProperty('discountApproval');
    await service.call('PATCH', `/v1/deals/${id}`, { lineItems: line(2_000) });
    expect(await approve(as(ids.giulia, 'manager'))).toBe(200);
    expect(await post(`/v1/deals/${id}/win`, { amount: usd(2_399) })).toMatchObject({ status: 409 });
    expect(await post(`/v1/deals/${id}/win`, {})).toMatchObject({
      status: 200,
      body: { amount: usd(2_400) },
    });
  });

  it('takes off 100 % at most', async () => {
    const productId = await made('/v1/products', { sku: 'LAS-2', name: 'Lasagne', listPrice: usd(1_000) });
    const lineItems = [{ productId, discount: { basisPoints: 10_001 } }];
    expect(await post('/v1/deals', { name: 'x', ownerId: ids.ada, lineItems })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/lineItems/0/discount/basisPoints' }] },
    });
  });

  it.each([9_900, 10_100])('is not shared out over %d basis points', async (sum) => {
    const splits = [
      { memberId: ids.ada, basisPoints: 5_000 },
      { memberId: ids.bob, basisPoints: sum - 5_000 },
    ];
    expect(await post('/v1/deals', { name: 'x', ownerId: ids.ada, splits })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/splits' }] },
    });
  });
});

describe('an activity', () => {
  const logged = (dealId: string, more: object = {}) =>
    delivered(ActivityLogged, {
      subject: 'activity',
      data: {
        id: derivedId(ActivityId, dealId),
        kind: 'call',
        status: 'done',
        occurredAt: NOW,
        ownerId: ids.ada,
        teamPath: [],
        territoryPath: [],
        dealId,
        createdAt: NOW,
        deleted: false,
        ...more,
      },
    });

  it('that was done moves its deal on, and tells nobody of a change; a note, a plan and a repetition don’t', async () => {
    const id = await newDeal({ startedAt: '2026-09-01T00:00:00Z', name: 'Old one' });
    const stale = async () => (await names('stale=true')).includes('Old one');
    const follow = followActivity(service.table);
    expect(await stale()).toBe(true);
    expect(await follow(logged(id, { kind: 'note' }))).toBe('irrelevant');
    expect(await follow(logged(id, { status: 'planned' }))).toBe('irrelevant');
    expect(await stale()).toBe(true);
    expect(await follow(logged(id))).toBe('done');
    expect(await stale()).toBe(false);
    expect(await follow(logged(id))).toBe('duplicate');
    expect(await deal(id)).toMatchObject({ movedAt: NOW, version: 2 });
  });
});
