import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { importCsv } from '../support/import-csv.ts';
import { startLocalRun, type LocalRun } from '../support/local-run.ts';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';
import { previousCommit } from './previous-commit.ts';

const Answer = z.object({ kpis: z.record(z.string(), z.object({ value: z.number().nullable() })) });
const Goals = z.object({ items: z.array(z.object({ id: z.string() })) });
const year = String(new Date().getUTCFullYear());

describe('data of the previous commit, under this one', () => {
  let run: LocalRun;
  let sales: SalesOrganization;
  let dealId: string;
  let openId: string;
  let goalId: string;
  let before: Readonly<Record<string, unknown>>;
  let mailsBefore: number;

  const values = async (scope: string) => {
    const path = `/v1/metrics?scope=${scope}&period=${year}&kpis=wonRevenue,wonDeals,openDeals,winRate`;
    const { kpis } = Answer.parse((await run.request('GET', path)).body);
    return Object.fromEntries(Object.entries(kpis).map(([kpi, { value }]) => [kpi, value]));
  };
  const everything = async (): Promise<Readonly<Record<string, unknown>>> => {
    const paths = [
      '/v1/organization',
      `/v1/members/${sales.repId}`,
      `/v1/teams/${sales.teamId}`,
      `/v1/deals/${dealId}`,
      `/v1/deals/${dealId}/history`,
      `/v1/goals/${goalId}`,
    ];
    const bodies = await Promise.all(
      paths.map(async (path) => [path, (await run.request('GET', path)).body] as const),
    );
    const scopes = ['org', `team:${sales.teamId}`, `rep:${sales.repId}`];
    const numbers = await Promise.all(scopes.map(async (scope) => [scope, await values(scope)] as const));
    return Object.fromEntries([...bodies, ...numbers]);
  };

  beforeAll(async () => {
    const { folder } = await previousCommit();
    run = await startLocalRun([], folder);
    sales = await salesOrganization(run);
    goalId = await create(run, '/v1/goals', {
      name: 'Marco’s year',
      scope: `rep:${sales.repId}`,
      kpi: 'wonRevenue',
      period: year,
      target: { amount: 1_000_000, currency: 'USD' },
    });
    dealId = await winDeal(run, sales.repId, 'Trattoria Roma, yearly supply', 600_000);
    await importCsv(run, 'deals', {
      csv: 'id,rep,stage,amount\np-1,Marco Bruno,qualification,1200.00\np-2,Marco Bruno,negotiation,800.00\n',
      currency: 'USD',
      columns: { externalId: 'id', owner: 'rep', stage: 'stage', amount: 'amount' },
    });
    openId = await create(run, '/v1/deals', {
      name: 'Osteria Bella, weekly tagliatelle',
      ownerId: sales.repId,
      amount: { amount: 480_000, currency: 'USD' },
    });
    await run.idle();
    before = await everything();
    mailsBefore = (await run.mail()).length;
  });
  afterAll(async () => {
    await run.stop();
  });

  it('is there before the upgrade, as the previous commit made it', () => {
    expect(before.org).toMatchObject({ wonRevenue: 600_000, wonDeals: 1, openDeals: 3 });
    expect(mailsBefore).toBeGreaterThan(0);
  });

  it('is all there afterwards, and work that was cut short is done', async () => {
    // Acknowledged by the old system, and killed before anyone was told.
    const lateId = await winDeal(run, sales.repId, 'Won in the last second', 50_000);
    await run.kill9();
    await run.restart();
    await run.idle();
    expect((await run.request('GET', `/v1/deals/${lateId}`)).body).toMatchObject({ status: 'won' });
    const after = await everything();
    for (const [what, value] of Object.entries(before)) {
      if (what.startsWith('/'))
        expect([what, after[what]]).toEqual([what, expect.objectContaining(value as object)]);
    }
    expect(after.org).toMatchObject({ wonRevenue: 650_000, wonDeals: 2, openDeals: 3 });
    expect(after[`rep:${sales.repId}`]).toEqual(after.org);
  });

  it('goes on: what was open can be won, and the goal and its mails follow', async () => {
    expect((await run.request('POST', `/v1/deals/${openId}/win`, {})).status).toBe(200);
    await run.idle();
    expect(await values('org')).toMatchObject({ wonRevenue: 1_130_000, wonDeals: 3, openDeals: 2 });
    const mails = await run.mail();
    expect(mails.length).toBeGreaterThan(mailsBefore);
    expect(mails.at(-1)?.text).toContain('100');
  });

  it('is listed as before, from indexes written by either', async () => {
    const { items } = Goals.parse((await run.request('GET', '/v1/goals')).body);
    expect(items.map(({ id }) => id)).toContain(goalId);
    const deals = await run.request('GET', `/v1/deals?ownerId=${sales.repId}&status=won`);
    expect(z.object({ items: z.array(z.unknown()) }).parse(deals.body).items).toHaveLength(3);
  });

  it('leaves nothing in a dead-letter queue', async () => {
    expect(await run.deadLetters()).toEqual([]);
  });
});
