import * as z from 'zod';
import { accountsCsv, historyCsv, membersCsv, products, reps, teams } from './pastapro.ts';
import type { Quarter } from './quarter.ts';
import { SECRET } from './web-shop.ts';
import type { DemoClient } from './demo-client.ts';

const Named = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
export const Created = z.object({ id: z.string() });
const ImportReport = z.object({
  status: z.string(),
  rows: z.number(),
  created: z.number(),
  rejected: z.number(),
});

export const usd = (amount: number) => ({ amount, currency: 'USD' });

const idsByName = async (client: DemoClient, path: string): Promise<ReadonlyMap<string, string>> => {
  const { items } = Named.parse(await client.get(`${path}?limit=200`));
  return new Map(items.map((item) => [item.name, item.id]));
};

export const known = (ids: ReadonlyMap<string, string>, name: string): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`PastaPro has nothing named ${name}`);
  return id;
};

const importCsv = async (client: DemoClient, kind: string, body: object): Promise<void> => {
  const { id } = Created.parse(await client.post(`/v1/imports/${kind}`, body));
  const report = await client.eventually(`the import of ${kind}`, async () => {
    const current = ImportReport.parse(await client.get(`/v1/imports/${kind}/${id}`));
    return current.status === 'succeeded' || current.status === 'failed' ? current : undefined;
  });
  if (report.status === 'failed' || report.rejected > 0)
    throw new Error(`the import of ${kind}: ${JSON.stringify(report)}`);
  await client.idle();
};

export interface Stage {
  readonly memberIds: ReadonlyMap<string, string>;
  readonly teamIds: ReadonlyMap<string, string>;
  readonly accountIds: ReadonlyMap<string, string>;
  readonly productIds: ReadonlyMap<string, string>;
  readonly storeId: string;
  readonly goalIds: readonly string[];
}

/** The sales organization, its catalogue and customers, and the last quarter's results. */
export const setTheStage = async (client: DemoClient, quarter: Quarter): Promise<Stage> => {
  await client.put('/v1/organization', {
    name: 'PastaPro',
    reportingCurrency: 'USD',
    timeZone: 'America/New_York',
    fiscalYearStartMonth: 1,
    businessDays: [1, 2, 3, 4, 5],
    paceThresholds: { ahead: 1.1, onTrack: 0.95, atRisk: 0.8 },
  });
  await importCsv(client, 'members', {
    csv: membersCsv(),
    columns: {
      name: 'name',
      email: 'email',
      team: 'team',
      territory: 'territory',
      manager: 'manager',
      role: 'role',
      startedOn: 'started',
    },
    createMissing: ['teams', 'territories', 'members'],
  });
  for (const { sku, name, category, price } of products) {
    await client.post('/v1/products', { sku, name, category, listPrice: usd(price) });
  }
  await importCsv(client, 'accounts', {
    csv: accountsCsv(),
    columns: { name: 'name', industry: 'industry' },
  });
  await importCsv(client, 'deals', {
    csv: historyCsv(quarter.from),
    currency: 'USD',
    columns: {
      externalId: 'id',
      owner: 'rep',
      account: 'account',
      product: 'sku',
      stage: 'stage',
      startedOn: 'started',
      closedOn: 'closed',
      amount: 'amount',
    },
    values: { stage: { 'Closed Won': 'won', 'Closed Lost': 'lost' } },
  });
  const memberIds = await idsByName(client, '/v1/members');
  const teamIds = await idsByName(client, '/v1/teams');
  const { id: storeId } = Created.parse(
    await client.post('/v1/stores', {
      name: 'PastaPro web shop',
      platform: 'shopify',
      currency: 'USD',
      ownerId: known(memberIds, 'Aisha Rahman'),
      secrets: [SECRET],
    }),
  );
  await client.idle();
  return {
    memberIds,
    teamIds,
    accountIds: await idsByName(client, '/v1/accounts'),
    productIds: await idsByName(client, '/v1/products'),
    storeId,
    goalIds: await setGoals(client, quarter, memberIds, teamIds),
  };
};

const setGoals = async (
  client: DemoClient,
  { period }: Quarter,
  memberIds: ReadonlyMap<string, string>,
  teamIds: ReadonlyMap<string, string>,
): Promise<readonly string[]> => {
  const giulia = known(memberIds, 'Giulia Conti');
  const goals = [
    {
      name: 'Pasta sales up by 20 %',
      scope: 'org',
      kpi: 'wonRevenue',
      target: { growth: 0.2, over: 'previous' },
      ownerId: giulia,
    },
    ...teams.map(({ name }) => ({
      name: `${name}: revenue of the quarter`,
      scope: `team:${known(teamIds, name)}`,
      kpi: 'wonRevenue',
      target: usd(14_000_000),
    })),
    ...reps.slice(0, 2).map(({ name }) => ({
      name: `${name}: deals won`,
      scope: `rep:${known(memberIds, name)}`,
      kpi: 'wonDeals',
      target: 8,
      ownerId: known(memberIds, name),
    })),
    { name: 'Win more than half', scope: 'org', kpi: 'winRate', target: 0.55, ownerId: giulia },
  ];
  const ids: string[] = [];
  for (const goal of goals) {
    ids.push(Created.parse(await client.post('/v1/goals', { ...goal, period })).id);
  }
  return ids;
};
