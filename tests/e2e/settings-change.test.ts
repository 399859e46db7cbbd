import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { create, salesOrganization, type SalesOrganization } from '../support/sales-organization.ts';
import { eventually } from '../support/eventually.ts';
import { type LocalRun, startLocalRun } from '../support/local-run.ts';

const Part = z.looseObject({ status: z.string(), counts: z.record(z.string(), z.number()) });
const Change = z.looseObject({
  id: z.string(),
  status: z.string(),
  phase: z.string(),
  problems: z.array(z.string()),
  preview: z.record(z.string(), z.looseObject(Part.shape)),
});
const Goal = z.looseObject({
  target: z.number(),
  currency: z.string().optional(),
  from: z.string(),
  to: z.string(),
  revision: z.number(),
});

describe('a change of settings that numbers were counted by', () => {
  let run: LocalRun;
  let sales: SalesOrganization;
  let moneyGoal: string;
  let countGoal: string;
  let midnight: string;

  const change = async (body: object) => run.request('POST', '/v1/organization/changes', body);
  const ended = async (id: string) =>
    eventually(`the change ${id}`, 60_000, async () => {
      const found = Change.parse((await run.request('GET', `/v1/organization/changes/${id}`)).body);
      return found.status === 'running' ? undefined : found;
    });
  const carriedOut = async (body: object) => {
    const asked = await change(body);
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    const done = await ended(Change.parse(asked.body).id);
    await run.idle();
    return done;
  };
  const wonIn = async (period: string) => {
    const { body } = await run.request(
      'GET',
      `/v1/metrics?scope=org&period=${period}&kpis=wonRevenue,wonDeals`,
    );
    const { kpis } = z
      .object({ kpis: z.record(z.string(), z.looseObject({ value: z.number().nullable() })) })
      .parse(body);
    return { revenue: kpis.wonRevenue?.value, deals: kpis.wonDeals?.value };
  };
  const goal = async (id: string) => Goal.parse((await run.request('GET', `/v1/goals/${id}`)).body);
  const won = async (name: string, amount: number, currency: string, closedAt: string) => {
    const id = await create(run, '/v1/deals', {
      name,
      ownerId: sales.repId,
      amount: { amount, currency },
      startedAt: '2025-01-02T12:00:00Z',
    });
    const answer = await run.request('POST', `/v1/deals/${id}/win`, { closedAt });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return id;
  };
  const rates = async (day: string, of: Readonly<Record<string, string>>) => {
    expect((await run.request('PUT', `/v1/fx-rates/${day}`, { rates: of })).status).toBe(200);
  };
  const year = new Date().getUTCFullYear();

  beforeAll(async () => {
    run = await startLocalRun();
    sales = await salesOrganization(run);
    await rates('2025-02-01', { EUR: '1.25' });
    const usd = await won('Osteria', 100_000, 'USD', '2025-03-10T15:00:00Z');
    await won('Trattoria', 80_000, 'EUR', '2025-03-11T15:00:00Z');
    midnight = await won('Late dinner', 5_000, 'USD', '2025-04-01T03:30:00Z');
    await create(run, '/v1/deals', {
      name: 'Still open',
      ownerId: sales.repId,
      amount: { amount: 40_000, currency: 'USD' },
    });
    const refund = await run.request('POST', `/v1/deals/${usd}/adjustments`, {
      kind: 'refund',
      amount: { amount: -20_000, currency: 'USD' },
      at: '2025-03-20T12:00:00Z',
      reason: 'A pallet came back',
    });
    expect(refund.status).toBe(200);
    moneyGoal = await create(run, '/v1/goals', {
      name: 'The year',
      scope: 'org',
      kpi: 'wonRevenue',
      period: String(year),
      target: { amount: 1_000_000, currency: 'USD' },
    });
    countGoal = await create(run, '/v1/goals', {
      name: 'Deals',
      scope: 'org',
      kpi: 'wonDeals',
      period: `${String(year)}-12`,
      target: 12,
    });
    await run.idle();
    // 1,000 − 200 + 800 € at 1.25 + 50
    expect(await wonIn('2025-03')).toEqual({ revenue: 185_000, deals: 3 });
  });
  afterAll(async () => {
    await run.stop();
  });

  it('is refused as a plain change of settings, and where it makes no sense', async () => {
    const settings = { name: 'PastaPro', reportingCurrency: 'EUR' };
    expect(await run.request('PUT', '/v1/organization', settings)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('POST /v1/organization/changes') as string },
    });
    expect((await run.request('PUT', '/v1/organization', { name: 'PastaPro SpA' })).status).toBe(200);
    expect((await change({ timeZone: 'Europe/Atlantis' })).status).toBe(400);
    expect((await change({})).status).toBe(400);
    expect((await change({ reportingCurrency: 'USD' })).status).toBe(422);
    expect((await change({ fiscalYearStartMonth: 13 })).status).toBe(400);
  });

  it('says which rates are missing, and changes nothing without them', async () => {
    const refused = await carriedOut({ reportingCurrency: 'GBP', dryRun: false });
    expect(refused).toMatchObject({ status: 'failed', phase: 'preview' });
    expect(refused.problems.join()).toContain('There is no exchange rate from USD to GBP');
    expect((await run.request('GET', '/v1/organization')).body).toMatchObject({ reportingCurrency: 'USD' });
    expect(await wonIn('2025-03')).toEqual({ revenue: 185_000, deals: 3 });
  });

  it('says beforehand what it would do, and does nothing yet', async () => {
    const preview = await carriedOut({ reportingCurrency: 'EUR' });
    expect(preview).toMatchObject({
      status: 'succeeded',
      problems: [],
      preview: {
        deals: {
          counts: { closedDeals: 3, openDeals: 1, orders: 0 },
          rate: { currency: 'EUR', rate: '0.8' },
        },
        goals: { counts: { moneyGoals: 1, movedGoals: 0 } },
      },
    });
    expect(await wonIn('2025-03')).toEqual({ revenue: 185_000, deals: 3 });
  });

  it('restates every deal, refund and target in another reporting currency', async () => {
    const mails = (await run.mail()).length;
    const asked = await change({ reportingCurrency: 'EUR', dryRun: false });
    expect(asked.status).toBe(202);
    const done = await ended(Change.parse(asked.body).id);
    expect(done).toMatchObject({ status: 'succeeded', parts: { deals: { counts: { deals: 4 } } } });
    await run.idle();
    expect((await run.request('GET', '/v1/organization')).body).toMatchObject({ reportingCurrency: 'EUR' });
    // 800 − 160 + 800 + 40 €
    expect(await wonIn('2025-03')).toEqual({ revenue: 148_000, deals: 3 });
    expect(await goal(moneyGoal)).toMatchObject({ target: 800_000, currency: 'EUR', revision: 2 });
    expect(await goal(countGoal)).toMatchObject({ target: 12, revision: 1 });
    expect(await run.mail()).toHaveLength(mails);
  });

  it('moves a deal won near midnight to the day that it was elsewhere', async () => {
    expect(await wonIn('2025-04')).toMatchObject({ deals: 0 });
    expect(await carriedOut({ timeZone: 'Europe/Rome', dryRun: false })).toMatchObject({
      status: 'succeeded',
    });
    expect(await wonIn('2025-03')).toEqual({ revenue: 144_000, deals: 2 });
    expect(await wonIn('2025-04')).toEqual({ revenue: 4_000, deals: 1 });
    const { body } = await run.request('GET', `/v1/deals/${midnight}`);
    expect(body).toMatchObject({ frozenRate: { currency: 'EUR', rate: '0.8' } });
  });

  it('moves quarters and years with the start of the fiscal year', async () => {
    expect(await wonIn('2025-Q1')).toMatchObject({ deals: 2 });
    const done = await carriedOut({ fiscalYearStartMonth: 4, dryRun: false });
    expect(done).toMatchObject({
      status: 'succeeded',
      preview: { goals: { movedGoals: [{ id: moneyGoal, before: { from: `${String(year)}-01-01` } }] } },
    });
    expect(await wonIn('2025-Q4')).toMatchObject({ deals: 2 });
    expect(await wonIn('2026-Q1')).toMatchObject({ deals: 1 });
    expect(await goal(moneyGoal)).toMatchObject({
      from: `${String(year - 1)}-04-01`,
      to: `${String(year)}-04-01`,
    });
  });

  it('is listed, the newest first, and leaves nothing in a dead-letter queue', async () => {
    const { body } = await run.request('GET', '/v1/organization/changes');
    const { items } = z.object({ items: z.array(Change) }).parse(body);
    expect(items[0]).toMatchObject({ status: 'succeeded', phase: 'finish' });
    expect(items.length).toBeGreaterThanOrEqual(5);
    expect(await run.deadLetters()).toEqual([]);
  });
});
