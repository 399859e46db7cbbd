import * as z from 'zod';
import { importCsv } from '../support/import-csv.ts';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';
import type { System } from '../support/system.ts';

const Answer = z.object({ kpis: z.record(z.string(), z.object({ value: z.number().nullable() })) });
export const year = String(new Date().getUTCFullYear());

/** What was made before an upgrade: one deal won, three open, two of them imported, and a goal that is reached by 60 %. */
export interface SalesYear {
  readonly sales: SalesOrganization;
  readonly wonId: string;
  readonly openId: string;
  readonly goalId: string;
}

export const salesYear = async (run: System): Promise<SalesYear> => {
  const sales = await salesOrganization(run);
  const goalId = await create(run, '/v1/goals', {
    name: 'Marco’s year',
    scope: `rep:${sales.repId}`,
    kpi: 'wonRevenue',
    period: year,
    target: { amount: 1_000_000, currency: 'USD' },
  });
  const wonId = await winDeal(run, sales.repId, 'Trattoria Roma, yearly supply', 600_000);
  await importCsv(run, 'deals', {
    csv: 'id,rep,stage,amount\np-1,Marco Bruno,qualification,1200.00\np-2,Marco Bruno,negotiation,800.00\n',
    currency: 'USD',
    columns: { externalId: 'id', owner: 'rep', stage: 'stage', amount: 'amount' },
  });
  const openId = await create(run, '/v1/deals', {
    name: 'Osteria Bella, weekly tagliatelle',
    ownerId: sales.repId,
    amount: { amount: 480_000, currency: 'USD' },
  });
  await run.idle();
  return { sales, wonId, openId, goalId };
};

/** The year's numbers of a scope. */
export const numbersOf = async (
  run: System,
  scope: string,
): Promise<Readonly<Record<string, number | null>>> => {
  const path = `/v1/metrics?scope=${scope}&period=${year}&kpis=wonRevenue,wonDeals,openDeals,winRate`;
  const { kpis } = Answer.parse((await run.request('GET', path)).body);
  return Object.fromEntries(Object.entries(kpis).map(([kpi, { value }]) => [kpi, value]));
};

/** By path, what the interface tells of everything that was made and does not change by what comes after. */
export const told = async (
  run: System,
  { sales, wonId, goalId }: SalesYear,
): Promise<Readonly<Record<string, unknown>>> => {
  const paths = [
    '/v1/organization',
    `/v1/members/${sales.repId}`,
    `/v1/teams/${sales.teamId}`,
    `/v1/deals/${wonId}`,
    `/v1/deals/${wonId}/history`,
    `/v1/goals/${goalId}`,
  ];
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, (await run.request('GET', path)).body] as const)),
  );
};
