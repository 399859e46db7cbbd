import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { BucketState } from '../../../shared/events/metrics.ts';
import { eur, id, order, wonDeal } from '../../support/sample-facts.ts';
import {
  dealMessage,
  type MetricsService,
  orderMessage,
  productMessage,
  startMetricsService,
} from './metrics-service.ts';

const Kpis = z.object({ kpis: z.record(z.string(), z.looseObject({ value: z.number().nullable() })) });
const Rows = z.object({
  rows: z.array(
    z.object({
      key: z.string(),
      name: z.string().optional(),
      kpis: z.record(z.string(), z.looseObject({ value: z.number().nullable() })),
    }),
  ),
  note: z.string().optional(),
});

const person = (n: number, role: string) => ({
  claims: { member_id: id('mem', n), role, scope: 'sales/metrics.read' },
});
const creditTo = (member: number, team: number) => ({
  credits: [
    { memberId: id('mem', member), basisPoints: 10_000, teamPath: [id('team', team), id('team', 9)] },
  ],
  territoryPath: [],
  industry: 'food',
});

describe('metrics over the API', () => {
  let service: MetricsService;
  const line = { productId: id('prod', 1), quantity: 1, unitPrice: eur(10_000), amount: eur(10_000) };

  beforeAll(async () => {
    service = await startMetricsService();
    await service.feed([
      productMessage(1, 'Rigatoni, old name'),
      productMessage(1, 'Rigatoni', 2),
      dealMessage(wonDeal({ id: id('deal', 1), attribution: creditTo(2, 1), lineItems: [line] }), 2),
      dealMessage(wonDeal({ id: id('deal', 2), status: 'lost', attribution: creditTo(2, 1) })),
      dealMessage(
        wonDeal({
          id: id('deal', 3),
          attribution: creditTo(3, 2),
          reportingAmount: eur(20_000),
          closedAt: '2026-10-20T10:00:00Z',
          startedAt: '2026-10-01T10:00:00Z',
        }),
      ),
      dealMessage(
        wonDeal({ id: id('deal', 4), status: 'open', closedAt: undefined, attribution: creditTo(3, 2) }),
      ),
      orderMessage(order()),
    ]);
  });
  afterAll(async () => service.stop());

  const values = async (query: string): Promise<Record<string, number | null>> => {
    const { status, body } = await service.call('GET', `/v1/metrics?${query}`);
    expect([status, body.detail]).toEqual([200, undefined]);
    return Object.fromEntries(Object.entries(Kpis.parse(body).kpis).map(([kpi, { value }]) => [kpi, value]));
  };
  const rowsOf = async (query: string) =>
    Rows.parse((await service.call('GET', `/v1/metrics/breakdown?${query}`)).body);

  it('answers a scope and period with everything a number needs to be understood', async () => {
    const { body } = await service.call(
      'GET',
      '/v1/metrics?scope=org&period=2026-11&kpis=winRate,wonRevenue',
    );
    expect(body).toEqual({
      scope: 'org',
      period: '2026-11',
      asOf: '2026-11-23T09:30:00.000Z',
      kpis: {
        winRate: {
          value: 0.5,
          numerator: 1,
          denominator: 2,
          n: 2,
          unit: 'ratio',
          definitionVersion: 1,
          lowSample: true,
        },
        wonRevenue: {
          value: 15_000,
          numerator: 15_000,
          denominator: 1,
          n: 2,
          unit: 'money',
          currency: 'EUR',
          definitionVersion: 1,
          lowSample: true,
        },
      },
    });
  });

  it('adds up a team with those below it, over quarters, ranges and years', async () => {
    expect(await values(`scope=team:${id('team', 9)}&period=2026-Q4&kpis=wonRevenue,openDeals`)).toEqual({
      wonRevenue: 30_000,
      openDeals: 1,
    });
    expect(await values(`scope=team:${id('team', 1)}&period=2026&kpis=wonRevenue`)).toEqual({
      wonRevenue: 15_000,
    });
    expect(await values('scope=org&period=2026-10-20..2026-10-20&kpis=wonDeals')).toEqual({ wonDeals: 1 });
    expect(await values('scope=org&period=2026-10-21..2026-11-10&kpis=wonDeals')).toEqual({ wonDeals: 0 });
  });

  it('answers orders by store and source', async () => {
    expect(await values(`scope=store:${id('store', 1)}&period=2026-11`)).toEqual({
      wonRevenue: 5_000,
      ordersCount: 1,
      averageOrderValue: 5_000,
    });
    expect(await values('scope=source:order&period=2026-11&kpis=ordersCount')).toEqual({ ordersCount: 1 });
  });

  it('breaks the organization down, largest first, with the names people know', async () => {
    const { rows } = await rowsOf('scope=org&period=2026&by=rep&kpis=wonRevenue,wonDeals');
    expect(rows.map(({ name, kpis }) => [name, kpis.wonRevenue?.value])).toEqual([
      ['Member 3', 20_000],
      ['Member 2', 10_000],
      ['Member 1', 5_000],
    ]);
    expect((await rowsOf('scope=org&period=2026&by=product&kpis=wonRevenue')).rows).toMatchObject([
      { name: 'Rigatoni', kpis: { wonRevenue: { value: 10_000 } } },
    ]);
    expect((await rowsOf('scope=org&period=2026&by=industry&kpis=wonDeals')).rows).toMatchObject([
      { key: 'food', kpis: { wonDeals: { value: 2 } } },
    ]);
  });

  it('breaks any scope down by month, in order, empty months included', async () => {
    const { rows } = await rowsOf(
      'scope=org&period=2026-09-01..2026-11-30&by=month&kpis=wonRevenue,openDeals',
    );
    expect(rows.map(({ key, kpis }) => [key, kpis.wonRevenue?.value, kpis.openDeals?.value])).toEqual([
      ['2026-09', 0, null],
      ['2026-10', 20_000, null],
      ['2026-11', 15_000, null],
    ]);
  });

  it('breaks a team down by those who are in it today, and says so', async () => {
    const { rows, note } = await rowsOf(`scope=team:${id('team', 1)}&period=2026&by=rep&kpis=wonRevenue`);
    expect(rows.map(({ name }) => name)).toEqual(['Member 2', 'Member 1']);
    expect(note).toContain('today');
  });

  it.each([
    ['/v1/metrics?scope=org&period=2026&kpis=shoeSize', 400, 'winRate'],
    ['/v1/metrics?scope=planet:mars&period=2026', 400, 'team:'],
    ['/v1/metrics?scope=team:nobody&period=2026', 400, 'team_01'],
    ['/v1/metrics?scope=org&period=yesterday', 400, '2026-Q4'],
    ['/v1/metrics?scope=org&period=2026-11-15..2026-11-01', 422, 'before'],
    ['/v1/metrics?scope=org&period=1990-01-01..2026-11-01', 422, '10 years'],
    [`/v1/metrics?scope=store:${id('store', 1)}&period=2026&kpis=winRate`, 422, 'ordersCount'],
    [`/v1/metrics/breakdown?scope=team:${id('team', 1)}&period=2026&by=product`, 422, 'by=rep or by=month'],
    [`/v1/metrics?scope=team:${id('team', 7)}&period=2026`, 404, 'no scope'],
    [`/v1/metrics?scope=rep:${id('mem', 77)}&period=2026`, 404, 'no scope'],
    [`/v1/metrics?scope=product:${id('prod', 7)}&period=2026`, 404, 'no scope'],
  ])('refuses %s with %i, saying what is possible', async (path, status, hint) => {
    const answer = await service.call('GET', path);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(hint);
  });

  it('shows reps their own numbers and their team, managers those below, admins everything', async () => {
    const statusOf = async (scope: string, options: ReturnType<typeof person>) =>
      (await service.call('GET', `/v1/metrics?scope=${scope}&period=2026`, undefined, options)).status;
    const scopes = [
      'org',
      `team:${id('team', 1)}`,
      `team:${id('team', 2)}`,
      `rep:${id('mem', 2)}`,
      `rep:${id('mem', 3)}`,
      'industry:food',
    ];
    const seen = async (options: ReturnType<typeof person>) =>
      Promise.all(scopes.map(async (scope) => statusOf(scope, options)));
    expect(await seen(person(3, 'rep'))).toEqual([404, 404, 200, 404, 200, 404]);
    expect(await seen(person(1, 'manager'))).toEqual([404, 200, 404, 200, 404, 404]);
    expect(await seen(person(4, 'admin'))).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it('lists the catalogue', async () => {
    const { body } = await service.call('GET', '/v1/kpis');
    expect(body.items).toContainEqual(
      expect.objectContaining({
        id: 'winRate',
        unit: 'ratio',
        additive: false,
        formula: 'won ÷ (won + lost)',
      }),
    );
  });

  it('tells of every bucket that carries goals, with its state, version and what moved it', async () => {
    await service.feed([
      dealMessage(
        wonDeal({
          id: id('deal', 1),
          name: 'Canteen',
          attribution: creditTo(2, 1),
          lineItems: [line],
          reportingAmount: eur(12_000),
        }),
        3,
      ),
    ]);
    const events = await service.events();
    const scopes = events.map(({ detail }) => BucketState.parse(detail.data).scope);
    expect(new Set(scopes.map((scope) => scope.split(':')[0]))).toEqual(new Set(['org', 'team', 'rep']));
    const won = events.find(
      ({ detail }) => detail.metadata.subject === `bucket:rep:${id('mem', 2)}#2026-11-11#0`,
    );
    expect(won?.detail.metadata.version).toBe(2);
    expect(won?.detail.data).toMatchObject({
      scope: `rep:${id('mem', 2)}`,
      day: '2026-11-11',
      shard: 0,
      counters: { wonRevenue: 12_000, wonDeals: 1, lostDeals: 1 },
      currency: 'EUR',
    });
    expect(BucketState.parse(won?.detail.data).movers).toContainEqual({
      kind: 'deal',
      id: id('deal', 1),
      name: 'Canteen',
      change: 'updated',
      wonRevenue: 12_000,
    });
  });
});
