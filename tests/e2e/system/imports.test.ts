import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { importCsv } from '../../support/import-csv.ts';
import { salesOrganization, type SalesOrganization } from '../../support/sales-organization.ts';
import { startSystem, type System } from '../../support/system.ts';

const Kpis = z.object({ kpis: z.record(z.string(), z.object({ value: z.number().nullable() })) });

describe('a pipeline that comes as a CSV', () => {
  let run: System;
  let sales: SalesOrganization;
  const deals = {
    currency: 'USD',
    createMissing: ['accounts'],
    columns: {
      externalId: 'id',
      owner: 'rep',
      account: 'customer',
      stage: 'stage',
      amount: 'amount',
      startedOn: 'opened',
      closedOn: 'closed',
    },
    csv: [
      'id,rep,customer,stage,amount,opened,closed',
      'p-1,Marco Bruno,Osteria Bella,won,1200.50,2026-02-02,2026-03-04',
      'p-2,Marco Bruno,Osteria Bella,lost,800,2026-02-03,2026-03-05',
      'p-3,Giulia Conti,Trattoria Roma,won,99.50,2026-02-04,2026-03-06',
      'p-4,Marco Bruno,Trattoria Roma,qualification,640,2026-02-05,',
      'p-5,Nobody at all,Trattoria Roma,won,1,2026-02-05,2026-03-06',
      '',
    ].join('\n'),
  };

  const values = async (scope: string) => {
    const path = `/v1/metrics?scope=${scope}&period=2026-Q1&kpis=wonRevenue,wonDeals,lostDeals`;
    const { kpis } = Kpis.parse((await run.request('GET', path)).body);
    return Object.fromEntries(Object.entries(kpis).map(([kpi, { value }]) => [kpi, value]));
  };

  beforeAll(async () => {
    run = await startSystem();
    sales = await salesOrganization(run);
  });
  afterAll(async () => {
    await run.stop();
  });

  it('is in row by row, and says of a row that can’t be which line and column it is', async () => {
    const report = await importCsv(run, 'deals', deals);
    expect(report).toMatchObject({ status: 'succeeded', created: 4, rejected: 1 });
    expect(report.errors).toEqual([expect.objectContaining({ line: 6, column: 'rep' })]);
  });

  it('counts for reps, team and organization alike', async () => {
    await run.idle();
    expect(await values('org')).toEqual({ wonRevenue: 130_000, wonDeals: 2, lostDeals: 1 });
    expect(await values(`team:${sales.teamId}`)).toEqual({ wonRevenue: 130_000, wonDeals: 2, lostDeals: 1 });
    expect(await values(`rep:${sales.repId}`)).toEqual({ wonRevenue: 120_050, wonDeals: 1, lostDeals: 1 });
  });

  it('changes nothing when it comes again', async () => {
    const report = await importCsv(run, 'deals', deals);
    expect(report).toMatchObject({ status: 'succeeded', created: 0, updated: 0, unchanged: 4, rejected: 1 });
    await run.idle();
    expect(await values('org')).toEqual({ wonRevenue: 130_000, wonDeals: 2, lostDeals: 1 });
    expect(await run.deadLetters()).toEqual([]);
  });
});
