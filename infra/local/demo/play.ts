import * as z from 'zod';
import {
  accountsCsv,
  historyCsv,
  membersCsv,
  plannedDeals,
  plannedOrders,
  products,
  reps,
  stages,
  teams,
} from './pastapro.ts';
import type { PlannedDeal } from './pastapro.ts';
import { momentOf, type Quarter } from './quarter.ts';
import { shopifyHeaders, shopifyOrder, shopifyRefund } from './shopify-order.ts';
import type { DemoClient } from './demo-client.ts';

const WEEKS = 13;
const SECRET = 'pastapro-demo-secret';

const Named = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const Created = z.object({ id: z.string() });
const ImportReport = z.object({
  status: z.string(),
  rows: z.number(),
  created: z.number(),
  rejected: z.number(),
});

const usd = (amount: number) => ({ amount, currency: 'USD' });

const idsByName = async (client: DemoClient, path: string): Promise<ReadonlyMap<string, string>> => {
  const { items } = Named.parse(await client.get(`${path}?limit=200`));
  return new Map(items.map((item) => [item.name, item.id]));
};

const known = (ids: ReadonlyMap<string, string>, name: string): string => {
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

const closingWeek = (deal: PlannedDeal): number =>
  deal.weeksInStage.reduce((week, weeks) => week + weeks, deal.startWeek);

/** Moves a deal through the stages that it leaves in this week, and closes it when it has left the last. */
const moveOn = async (client: DemoClient, deal: PlannedDeal, id: string, week: number): Promise<void> => {
  let entered = deal.startWeek;
  for (const [index, weeks] of deal.weeksInStage.entries()) {
    const leaves = entered + weeks;
    const next = stages[index + 1];
    if (leaves === week && next !== undefined) await client.post(`/v1/deals/${id}/stage`, { stage: next });
    entered = leaves;
  }
  if (closingWeek(deal) !== week) return;
  if (deal.outcome === 'won') await client.post(`/v1/deals/${id}/win`, {});
  if (deal.outcome === 'lost') await client.post(`/v1/deals/${id}/lose`, { reason: deal.lostReason });
};

/** Webhooks come twice, and out of order. */
const sendOrder = async (client: DemoClient, stage: Stage, index: number, at: string): Promise<void> => {
  const order = plannedOrders()[index];
  const product = products.find((each) => each.sku === order?.sku);
  if (order === undefined || product === undefined) return;
  const id = String(6_198_424_240_000 + index);
  const lines = [
    { sku: product.sku, title: product.name, quantity: order.cases, price: (product.price / 100).toFixed(2) },
  ];
  const body = (updatedAt: string, financialStatus: 'pending' | 'paid') =>
    shopifyOrder({ id, number: 1001 + index, at, updatedAt, lines, shipping: '9.90', financialStatus });
  const later = new Date(Date.parse(at) + 60_000).toISOString();
  const paid = body(later, 'paid');
  const created = body(at, 'pending');
  const hook = (topic: string, payload: string, delivery: string) =>
    client.send(
      `/v1/webhooks/${stage.storeId}`,
      payload,
      shopifyHeaders(topic, payload, SECRET, `${id}-${delivery}`),
    );
  await hook('orders/paid', paid, 'paid');
  // A late delivery of the older state, and a duplicate: neither changes anything.
  await hook('orders/create', created, 'create');
  await hook('orders/paid', paid, 'paid');
  if (index === 5) {
    const refund = shopifyRefund({ id: `${id}9`, orderId: id, at: later, amount: lines[0]?.price ?? '0.00' });
    await hook('refunds/create', refund, 'refund');
  }
};

/** Plays the quarter week by week on the local clock. `tell` hears a line for each week. */
export const playQuarter = async (
  client: DemoClient,
  stage: Stage,
  quarter: Quarter,
  tell: (week: number, weeks: number) => void,
): Promise<void> => {
  const planned = plannedDeals();
  const ids = new Map<PlannedDeal, string>();
  let reopened: string | undefined;
  for (let week = 0; week < WEEKS; week += 1) {
    await client.moveClock(momentOf(quarter, week, 1));
    if (reopened !== undefined) {
      await client.post(`/v1/deals/${reopened}/win`, {});
      reopened = undefined;
    }
    for (const deal of planned) {
      if (deal.startWeek > week) continue;
      let id = ids.get(deal);
      if (id === undefined) {
        const product = products.find((each) => each.sku === deal.sku) ?? products[0];
        ({ id } = Created.parse(
          await client.post('/v1/deals', {
            name: `${deal.account} – ${String(deal.cases)} cases of ${product.name.split(',')[0] ?? product.name}`,
            accountId: known(stage.accountIds, deal.account),
            ownerId: known(stage.memberIds, deal.rep),
            stage: 'prospecting',
            startedAt: momentOf(quarter, week, 1),
            lineItems: [
              {
                productId: known(stage.productIds, product.name),
                quantity: deal.cases,
                unitPrice: usd(product.price),
              },
            ],
            expectedCloseOn: momentOf(quarter, Math.min(12, deal.startWeek + 3), 4).slice(0, 10),
          }),
        ));
        ids.set(deal, id);
      }
      await moveOn(client, deal, id, week);
    }
    if (week === 6) {
      const won = planned.find((deal) => deal.outcome === 'won' && closingWeek(deal) < week);
      reopened = won === undefined ? undefined : ids.get(won);
      if (reopened !== undefined) {
        await client.post(`/v1/deals/${reopened}/reopen`, { reason: 'The customer asked for other sizes' });
      }
    }
    for (const [index, order] of plannedOrders().entries()) {
      if (order.week === week) await sendOrder(client, stage, index, momentOf(quarter, week, 1));
    }
    await client.idle();
    tell(week + 1, WEEKS);
  }
};
