import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { roleScopes } from '../../../shared/auth/role-scopes.ts';
import { derivedId, MemberId } from '../../../shared/ids/id.ts';
import { type Dynoxide, startDynoxide } from '../../support/dynoxide.ts';
import { memberId, teamId } from '../../unit/goals/goal.fixture.ts';
import { bucket, type SalesService, salesService } from './sales.fixture.ts';

let dynoxide: Dynoxide;
let sales: SalesService;

beforeAll(async () => {
  dynoxide = await startDynoxide();
});
afterAll(() => dynoxide.stop());
beforeEach(async () => {
  sales = await salesService(await dynoxide.table());
});

const marco = `rep:${memberId('Marco')}`;
const month = { name: 'Marco’s month', scope: marco, kpi: 'wonRevenue', period: '2026-11' };
const usd = (amount: number) => ({ amount, currency: 'USD' });
const set = async (body: object) =>
  sales.call('POST', '/v1/goals', { ...month, target: usd(1_000_000), ...body });
const as = (name: string, role: 'rep' | 'manager') => ({
  claims: { member_id: memberId(name), role, scope: roleScopes[role].join(' '), username: name },
});

describe('setting a goal', () => {
  test('gives it an owner and milestones, and shows how it stands', async () => {
    await sales.keep(bucket(1, { wonRevenue: 600_000, wonDeals: 3 }));
    const { status, body, headers } = await set({});
    expect(status).toBe(201);
    expect(headers.etag).toBe('"1"');
    expect(body).toMatchObject({
      ownerId: memberId('Marco'),
      milestones: [25, 50, 75, 100],
      target: 1_000_000,
      from: '2026-11-01',
      to: '2026-12-01',
    });
    const progress = await sales.call('GET', `/v1/goals/${String(body.id)}/progress`);
    expect(progress.body).toMatchObject({
      value: 600_000,
      percent: 60,
      n: 3,
      elapsed: 0.5,
      pace: { ratio: 1.2, status: 'ahead' },
      projection: 1_200_000,
      businessDaysLeft: 11,
      milestones: [
        { milestone: 25, reached: true, announced: false },
        { milestone: 50, reached: true, announced: false },
        { milestone: 75, reached: false },
        { milestone: 100, reached: false },
      ],
    });
  });

  test('records what is passed already, and mails nobody', async () => {
    await sales.keep(bucket(1, { wonRevenue: 600_000 }));
    const { body } = await set({});
    expect(await sales.alertsOf(String(body.id))).toMatchObject([
      { state: 'recorded', milestones: [25, 50] },
    ]);
  });

  test('of growth freezes its baseline', async () => {
    await sales.keep(
      bucket(1, { wonRevenue: 500_000 }, { day: '2026-08-03' }),
      bucket(1, { wonRevenue: 300_000 }, { day: '2026-09-30' }),
    );
    const { body } = await set({ period: '2026-Q4', target: { growth: 0.2, over: 'previous' } });
    expect(body).toMatchObject({
      target: 960_000,
      baseline: 800_000,
      growth: { share: 0.2, period: '2026-Q3' },
    });
    await sales.keep(bucket(2, { wonRevenue: 900_000 }, { day: '2026-08-03' }));
    const { body: later } = await sales.call('GET', `/v1/goals/${String(body.id)}`);
    expect(later).toMatchObject({ target: 960_000, baseline: 800_000 });
  });

  test('again with the same key answers with the first one, with another body refuses', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { ...month, target: usd(1_000_000) };
    const first = await sales.call('POST', '/v1/goals', body, { headers });
    const second = await sales.call('POST', '/v1/goals', body, { headers });
    expect(second.body).toEqual(first.body);
    const other = await sales.call('POST', '/v1/goals', { ...body, name: 'Other' }, { headers });
    expect(other.status).toBe(422);
  });

  test.each<[object, number, string, string?]>([
    [{ kpi: 'happiness' }, 400, 'must be one of wonRevenue, wonDeals', '/kpi'],
    [{ period: '2026-13' }, 400, 'must be a month', '/period'],
    [{ period: '2026-10' }, 422, 'is over', '/period'],
    [{ period: '2026-11-30..2026-11-01' }, 422, 'ends before it begins'],
    [{ target: { amount: 5, currency: 'EUR' } }, 422, 'must be in USD', '/target/currency'],
    [{ target: 5 }, 422, 'is money', '/target'],
    [{ target: usd(0) }, 422, 'more than 0', '/target'],
    [{ target: { growth: 0.2, over: 'previous' } }, 422, '2026-10', '/target/over'],
    [{ scope: 'planet:mars' }, 400, 'must be org', '/scope'],
    [{ scope: `rep:${derivedId(MemberId, 'nobody')}` }, 422, 'refers to something', '/scope'],
    [{ watcherIds: [derivedId(MemberId, 'nobody')] }, 422, 'refers to something', '/watcherIds/0'],
    [{ milestones: [50, 50] }, 400, 'ascending', '/milestones'],
    [{ milestones: [0] }, 400, 'more than 0', '/milestones/0'],
    [{ milestones: [] }, 400, 'at least one', '/milestones'],
    [{ mood: 'good' }, 400, 'not a known field', '/mood'],
  ])('with %j answers %i', async (wrong, status, message, path) => {
    const answer = await set(wrong);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(message);
    if (path !== undefined) expect(answer.body.errors).toMatchObject([{ path }]);
    expect((await sales.call('GET', '/v1/goals')).body.items).toEqual([]);
  });
});

describe('changing a goal', () => {
  test('to another target begins a new revision, and mails nobody for what it has passed', async () => {
    const { body } = await set({});
    const path = `/v1/goals/${String(body.id)}`;
    await sales.keep(bucket(1, { wonRevenue: 300_000 }));
    const stale = await sales.call('PATCH', path, { name: 'Late' }, { headers: { 'if-match': '"1"' } });
    expect(stale.status).toBe(412);
    const { body: changed } = await sales.call('PATCH', path, { target: usd(400_000) });
    expect(changed).toMatchObject({ revision: 2, target: 400_000 });
    const states = (await sales.alertsOf(String(body.id))).map(({ revision, state }) => [revision, state]);
    expect(states).toEqual(
      expect.arrayContaining([
        [1, 'pending'],
        [2, 'recorded'],
      ]),
    );
  });

  test('that is cancelled is followed no more', async () => {
    const { body } = await set({});
    const path = `/v1/goals/${String(body.id)}`;
    expect((await sales.call('DELETE', path)).status).toBe(204);
    await sales.keep(bucket(1, { wonRevenue: 900_000 }));
    expect(await sales.alertsOf(String(body.id))).toEqual([]);
    expect((await sales.call('GET', path)).body).toMatchObject({ status: 'cancelled' });
    expect((await sales.call('PATCH', path, { name: 'New' })).status).toBe(409);
  });
});

describe('who may', () => {
  test('see a goal: its rep, the team, its managers and watchers; others are told of none', async () => {
    const { body: team } = await set({ scope: `team:${teamId('Northeast')}` });
    const { body: org } = await set({ scope: 'org', watcherIds: [memberId('Wanda')] });
    const seen = async (name: string, role: 'rep' | 'manager') => {
      const { body } = await sales.call('GET', '/v1/goals', undefined, as(name, role));
      return (body.items as { id: string }[]).map(({ id }) => id);
    };
    expect(await seen('Marco', 'rep')).toEqual([team.id]);
    expect(await seen('Wanda', 'rep')).toEqual(expect.arrayContaining([team.id, org.id]));
    const hidden = await sales.call(
      'GET',
      `/v1/goals/${String(org.id)}/progress`,
      undefined,
      as('Marco', 'rep'),
    );
    expect(hidden.status).toBe(404);
  });

  test('set a goal: managers of the team, not the rep', async () => {
    const body = { ...month, target: usd(1) };
    expect((await sales.call('POST', '/v1/goals', body, as('Giulia', 'manager'))).status).toBe(201);
    expect(
      (await sales.call('POST', '/v1/goals', { ...body, scope: 'org' }, as('Giulia', 'manager'))).status,
    ).toBe(403);
    expect((await sales.call('POST', '/v1/goals', body, as('Marco', 'rep'))).status).toBe(403);
  });
});

test('lists come page by page, newest first, and by filter', async () => {
  for (const name of ['one', 'two', 'three']) await set({ name });
  const first = await sales.call('GET', '/v1/goals?limit=2&kpi=wonRevenue');
  expect(first.body.items).toHaveLength(2);
  const rest = await sales.call(
    'GET',
    `/v1/goals?limit=2&kpi=wonRevenue&cursor=${String(first.body.nextCursor)}`,
  );
  expect(rest.body.items).toHaveLength(1);
  expect(rest.body).not.toHaveProperty('nextCursor');
  expect((await sales.call('GET', '/v1/goals?kpi=winRate')).body.items).toEqual([]);
  expect((await sales.call('GET', `/v1/goals?scope=${marco}`)).body.items).toHaveLength(3);
});
