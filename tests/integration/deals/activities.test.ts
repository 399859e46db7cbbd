import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { activityEntity } from '../../../services/deals/activities/entity.ts';
import {
  activityKindsOf,
  lastActivityOfAccount,
  lastActivityOfDeal,
} from '../../../services/deals/activities/latest.ts';
import type { Activity } from '../../../services/deals/domain/activities/activity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { AccountId, DealId } from '../../../shared/ids/id.ts';
import type { ApiAnswer, CallOptions } from '../../support/call-api.ts';
import { as, ids, NOW, type SellingService, startSellingService } from './selling-service.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const cause = { correlationId: 'test', actor: 'system' } as const;
const idOf = ({ body }: ApiAnswer): string => z.string().parse(body.id);
const idsOf = ({ body }: ApiAnswer): string[] =>
  z
    .array(z.object({ id: z.string() }))
    .parse(body.items)
    .map(({ id }) => id);

let service: SellingService;
let account: string;
let deal: string;
beforeAll(async () => {
  service = await startSellingService();
  account = idOf(await service.call('POST', '/v1/accounts', { name: 'Trattoria Rossi' }));
  deal = await newDeal(ids.ada);
});
afterAll(async () => {
  await service.stop();
});

const newDeal = async (ownerId: string, more: object = { accountId: account }): Promise<string> =>
  idOf(await service.call('POST', '/v1/deals', { name: 'Autumn menu', ownerId, amount: usd(100), ...more }));
const log = async (body: object, options: CallOptions = {}): Promise<ApiAnswer> =>
  service.call('POST', '/v1/activities', { ownerId: ids.ada, ...body }, options);
const get = async (path: string, options: CallOptions = {}) => service.call('GET', path, undefined, options);
const ada = as(ids.ada, 'rep');
const carl = as(ids.carl, 'rep');
const giulia = as(ids.giulia, 'manager');

describe('an activity', () => {
  it('on a deal belongs to the deal’s account, and to the team of its owner', async () => {
    const answer = await log({ kind: 'call', dealId: deal, outcome: 'connected', durationMinutes: 12 });
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'done', occurredAt: NOW, accountId: account, teamId: ids.northeast, overdue: false },
    });
    expect(answer.headers.location).toBe(`/v1/activities/${idOf(answer)}`);
    const [mine] = (await get(`/v1/deals/${deal}/activities`)).body.items as unknown[];
    expect(mine).toMatchObject({ id: idOf(answer) });
  });

  it('is the caller’s own, unless it is given to someone; a system has to say whose', async () => {
    const own = await service.call('POST', '/v1/activities', { kind: 'note', accountId: account }, ada);
    expect(own).toMatchObject({ status: 201, body: { ownerId: ids.ada } });
    const system = await service.call('POST', '/v1/activities', { kind: 'note', accountId: account });
    expect(system).toMatchObject({ status: 422, body: { errors: [{ path: '/ownerId' }] } });
    const others = await service.call(
      'POST',
      '/v1/activities',
      { kind: 'task', accountId: account, ownerId: ids.bob },
      ada,
    );
    expect(others.status).toBe(403);
  });

  it('of something that there is not, or that the caller may not see, is refused, all at once', async () => {
    const foreign = await newDeal(ids.carl);
    const answer = await log(
      { kind: 'call', dealId: foreign, contactId: 'con_01JD0000000000000000000000' },
      ada,
    );
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/contactId' }, { path: '/dealId', message: `there is no deal ${foreign}` }] },
    });
    await service.call('DELETE', `/v1/deals/${foreign}`);
    expect((await log({ kind: 'call', dealId: foreign })).status).toBe(422);
    const other = idOf(await service.call('POST', '/v1/accounts', { name: 'Osteria Blu' }));
    expect(await log({ kind: 'call', dealId: deal, accountId: other })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/accountId' }] },
    });
  });

  it('is made once for a repeated request, and once for an external id', async () => {
    const options = { headers: { 'idempotency-key': 'call-1' } };
    const body = { kind: 'call', dealId: deal };
    const first = await log(body, options);
    expect(await log(body, options)).toMatchObject({ status: 201, body: { id: idOf(first), version: 1 } });
    expect((await log({ ...body, kind: 'email' }, options)).status).toBe(422);
    const told = { kind: 'meeting', accountId: account, externalId: 'crm-77' };
    expect((await log(told)).status).toBe(201);
    expect((await log(told)).status).toBe(409);
  });

  it('changes, and moves with the deal that it is on', async () => {
    const other = await newDeal(ids.ada, {});
    const id = idOf(await log({ kind: 'demo', dealId: deal }));
    const patch = { dealId: other, notes: 'Liked the ravioli' };
    const stale = await service.call('PATCH', `/v1/activities/${id}`, patch, {
      headers: { 'if-match': '"7"' },
    });
    expect(stale.status).toBe(412);
    const changed = await service.call('PATCH', `/v1/activities/${id}`, patch);
    expect(changed.body).toMatchObject({ dealId: other, version: 2 });
    expect(changed.body).not.toHaveProperty('accountId');
    expect(idsOf(await get(`/v1/deals/${other}/activities`))).toEqual([id]);
    expect(idsOf(await get(`/v1/deals/${deal}/activities`))).not.toContain(id);
    expect((await service.call('PATCH', `/v1/activities/${id}`, patch)).body.version).toBe(2);
    expect((await service.call('PATCH', `/v1/activities/${id}`, { dealId: null })).status).toBe(422);
  });

  it('is gone from all lists once deleted, and nothing that was written is left', async () => {
    const id = idOf(
      await log({ kind: 'note', dealId: deal, notes: 'Calls himself Nico', subjectLine: 'Nico' }),
    );
    expect((await service.call('DELETE', `/v1/activities/${id}`, undefined, carl)).status).toBe(404);
    expect((await service.call('DELETE', `/v1/activities/${id}`, undefined, ada)).status).toBe(204);
    expect((await get(`/v1/activities/${id}`)).status).toBe(404);
    for (const list of [`/v1/deals/${deal}/activities`, `/v1/activities?accountId=${account}&kind=note`])
      expect(idsOf(await get(list))).not.toContain(id);
    const stored = await new Repository<Activity>(service.table, activityEntity, cause).get(id);
    expect(JSON.stringify(stored)).not.toContain('Nico');
    expect(stored.deleted).toBe(true);
  });

  it('shows as what it is about does: on a deal by ownership, on an account to everyone, and one’s own always', async () => {
    const onDeal = idOf(await log({ kind: 'call', dealId: deal }));
    const onAccount = idOf(await log({ kind: 'call', accountId: account }));
    expect((await get(`/v1/activities/${onDeal}`, giulia)).status).toBe(200);
    expect((await get(`/v1/activities/${onDeal}`, carl)).status).toBe(404);
    expect((await get(`/v1/activities/${onAccount}`, carl)).status).toBe(200);
    expect((await service.call('PATCH', `/v1/activities/${onAccount}`, { notes: 'x' }, carl)).status).toBe(
      403,
    );
    const seen = idsOf(await get(`/v1/activities?accountId=${account}`, carl));
    expect(seen).toContain(onAccount);
    expect(seen).not.toContain(onDeal);
    await service.call('PATCH', `/v1/deals/${deal}`, { ownerId: ids.carl });
    expect((await get(`/v1/activities/${onDeal}`, ada)).status).toBe(200);
    await service.call('PATCH', `/v1/deals/${deal}`, { ownerId: ids.ada });
  });
});

describe('tasks and planned meetings', () => {
  it('lie ahead, and are done once', async () => {
    const task = await log({
      kind: 'task',
      dealId: deal,
      dueOn: '2026-11-25',
      subjectLine: 'Send the offer',
    });
    expect(task.body).toMatchObject({ status: 'planned', dueOn: '2026-11-25' });
    expect(task.body).not.toHaveProperty('occurredAt');
    const meeting = await log({
      kind: 'meeting',
      status: 'planned',
      dealId: deal,
      occurredAt: '2026-11-26T02:00:00Z',
    });
    // Still the evening before, in New York.
    expect(meeting.body).toMatchObject({ dueOn: '2026-11-25' });
    const path = `/v1/activities/${idOf(task)}/complete`;
    expect((await service.call('POST', path, { outcome: 'sent' })).body).toMatchObject({
      status: 'done',
      completedAt: NOW,
      occurredAt: NOW,
      outcome: 'sent',
    });
    expect((await service.call('POST', path, {})).status).toBe(409);
  });

  it('are overdue by the organization’s day, by owner and by team', async () => {
    const owner = { ownerId: ids.bob, kind: 'task', accountId: account };
    const late = idOf(await log({ ...owner, dueOn: '2026-11-20' }));
    const later = idOf(await log({ ...owner, dueOn: '2026-11-22' }));
    const today = idOf(await log({ ...owner, dueOn: '2026-11-23' }));
    const someday = idOf(await log(owner));
    const planned = `/v1/activities?ownerId=${ids.bob}&status=planned`;
    expect(idsOf(await get(planned))).toEqual([late, later, today, someday]);
    expect(idsOf(await get(`${planned}&overdue=true`))).toEqual([late, later]);
    expect(idsOf(await get(`/v1/activities?teamId=${ids.northeast}&overdue=true`, giulia))).toEqual([
      late,
      later,
    ]);
    expect(idsOf(await get(`/v1/activities?ownerId=me&overdue=true`, as(ids.bob, 'rep')))).toEqual([
      late,
      later,
    ]);
    expect(idsOf(await get(`${planned}&dueFrom=2026-11-22&dueTo=2026-11-23`))).toEqual([later, today]);
    expect((await get('/v1/activities?ownerId=me')).status).toBe(400);
    // Half past eleven in the evening in New York is the next day in UTC.
    service.clock.time = Date.parse('2026-11-24T04:30:00Z');
    expect(idsOf(await get(`${planned}&overdue=true`))).toEqual([late, later]);
    service.clock.time = Date.parse('2026-11-24T05:30:00Z');
    expect(idsOf(await get(`${planned}&overdue=true`))).toEqual([late, later, today]);
    service.clock.time = Date.parse(NOW);
  });

  it('are paged, each once', async () => {
    const own = { accountId: account, ownerId: ids.carl };
    const all: string[] = [];
    for (let n = 1; n <= 5; n += 1)
      all.push(idOf(await log({ ...own, kind: 'task', dueOn: `2026-12-0${n}` })));
    for (let n = 1; n <= 5; n += 1)
      all.push(idOf(await log({ ...own, kind: 'call', occurredAt: `2026-11-0${6 - n}T10:00:00Z` })));
    for (const list of [`ownerId=${ids.carl}`, `ownerId=${ids.carl}&accountId=${account}`]) {
      const found: string[] = [];
      let cursor = '';
      do {
        const answer = await get(`/v1/activities?${list}&limit=3${cursor}`);
        found.push(...idsOf(answer));
        const next = z.string().optional().parse(answer.body.nextCursor);
        cursor = next === undefined ? '' : `&cursor=${next}`;
      } while (cursor !== '');
      expect(found.toSorted()).toEqual(all.toSorted());
      if (!list.includes('accountId')) expect(found).toEqual(all);
    }
  });
});

describe('what was done last', () => {
  it('is known of a deal and of an account, and which kinds were done at all', async () => {
    const fresh = idOf(await service.call('POST', '/v1/accounts', { name: 'Da Enzo' }));
    const id = DealId.parse(await newDeal(ids.ada, { accountId: fresh }));
    const { table } = service;
    expect(await activityKindsOf(table, id)).toEqual(new Set());
    expect(await lastActivityOfDeal(table, id)).toBeUndefined();
    await log({ kind: 'call', dealId: id, occurredAt: '2026-11-01T10:00:00Z' });
    const demo = idOf(await log({ kind: 'demo', dealId: id, occurredAt: '2026-11-02T10:00:00Z' }));
    const planned = idOf(
      await log({ kind: 'meeting', status: 'planned', dealId: id, occurredAt: '2026-12-02T10:00:00Z' }),
    );
    await log({ kind: 'email', accountId: fresh, occurredAt: '2026-11-03T10:00:00Z' });
    expect(await activityKindsOf(table, id)).toEqual(new Set(['call', 'demo']));
    expect(await lastActivityOfDeal(table, id)).toBe('2026-11-02T10:00:00.000Z');
    expect(await lastActivityOfAccount(table, AccountId.parse(fresh))).toBe('2026-11-03T10:00:00.000Z');
    await service.call('POST', `/v1/activities/${planned}/complete`, {});
    await service.call('DELETE', `/v1/activities/${demo}`);
    expect(await activityKindsOf(table, id)).toEqual(new Set(['call', 'meeting']));
    expect(await lastActivityOfDeal(table, id)).toBe(NOW);
  });
});
