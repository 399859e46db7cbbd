import * as z from 'zod';
import { create } from '../support/sales-organization.ts';
import type { Callable } from '../support/system.ts';
import { expectOutcome, WrongOutcome } from './benchmark.ts';

/** Two teams with their people, customers and catalogue: enough that deals spread over several scopes. */
export interface SalesFloor {
  readonly managerEmails: readonly string[];
  readonly repIds: readonly string[];
  readonly accountIds: readonly string[];
  readonly productIds: readonly string[];
}

const TEAMS = ['Northeast', 'Southwest'];
const REPS_PER_TEAM = 3;
const INDUSTRIES = ['retail', 'catering', 'wholesale'];
/** A case of pasta, in cents of USD. */
const UNIT_PRICE = 2_450;

/** All that happens lies in it: deals are won now. */
export const period = (): string => String(new Date().getUTCFullYear());

const succeeds = async (system: Callable, method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await system.request(method, path, body);
  if (answer.status >= 300)
    throw new WrongOutcome(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

const member = (system: Callable, teamId: string, name: string, role: 'manager' | 'rep') =>
  create(system, '/v1/members', {
    name,
    email: `${name.toLowerCase().replaceAll(' ', '.')}@pastapro.example`,
    role,
    teamId,
    startedOn: '2024-01-08',
  });

/** Makes it through the interface, and waits until every service knows it. */
export const salesFloor = async (system: Callable): Promise<SalesFloor> => {
  await succeeds(system, 'PUT', '/v1/organization', {
    name: 'PastaPro',
    reportingCurrency: 'USD',
    timeZone: 'UTC',
    fiscalYearStartMonth: 1,
    businessDays: [1, 2, 3, 4, 5],
    paceThresholds: { ahead: 1.1, onTrack: 0.95, atRisk: 0.8 },
  });
  const repIds: string[] = [];
  const managerEmails: string[] = [];
  for (const team of TEAMS) {
    const teamId = await create(system, '/v1/teams', { name: team });
    const managerId = await member(system, teamId, `${team} Manager`, 'manager');
    managerEmails.push(`${team.toLowerCase()}.manager@pastapro.example`);
    await succeeds(system, 'PATCH', `/v1/teams/${teamId}`, { managerId });
    for (let at = 1; at <= REPS_PER_TEAM; at += 1) {
      repIds.push(await member(system, teamId, `${team} Rep ${at}`, 'rep'));
    }
  }
  const accountIds: string[] = [];
  for (const [at, industry] of [...INDUSTRIES, ...INDUSTRIES].entries()) {
    accountIds.push(await create(system, '/v1/accounts', { name: `Customer ${at + 1}`, industry }));
  }
  const productIds: string[] = [];
  for (const name of ['Spaghetti', 'Fusilli', 'Lasagne']) {
    productIds.push(
      await create(system, '/v1/products', {
        sku: name.toUpperCase(),
        name,
        category: 'pasta',
        listPrice: { amount: UNIT_PRICE, currency: 'USD' },
      }),
    );
  }
  await system.idle();
  return { managerEmails, repIds, accountIds, productIds };
};

const pick = <T>(list: readonly T[], at: number): T => {
  const found = list[at % list.length];
  if (found === undefined) throw new RangeError('an empty list');
  return found;
};

/** Opens the `at`-th deal: ten cases of one product for one account, owned by one rep, all in turn. Answers its id. */
export const openDeal = (system: Callable, floor: SalesFloor, at: number): Promise<string> =>
  create(system, '/v1/deals', {
    name: `Deal ${at + 1}`,
    ownerId: pick(floor.repIds, at),
    accountId: pick(floor.accountIds, at),
    lineItems: [
      {
        productId: pick(floor.productIds, at),
        quantity: 10,
        unitPrice: { amount: UNIT_PRICE, currency: 'USD' },
      },
    ],
  });

export const stageDeal = (system: Callable, id: string) =>
  succeeds(system, 'POST', `/v1/deals/${id}/stage`, { stage: 'negotiation' });

export const winDeal = (system: Callable, id: string) => succeeds(system, 'POST', `/v1/deals/${id}/win`, {});

const Kpis = z.object({ kpis: z.record(z.string(), z.object({ value: z.number().nullable() })) });

/** A KPI of a scope over all that the benchmark does. */
export const kpiOf = async (system: Callable, scope: string, kpi: string): Promise<number | null> => {
  const body = await succeeds(system, 'GET', `/v1/metrics?scope=${scope}&period=${period()}&kpis=${kpi}`);
  return Kpis.parse(body).kpis[kpi]?.value ?? null;
};

/** @throws WrongOutcome unless exactly so many deals of `openDeal` are in the organization's numbers */
export const expectWon = async (system: Callable, deals: number): Promise<void> => {
  expectOutcome('won deals in the metrics', await kpiOf(system, 'org', 'wonDeals'), deals);
  const revenue = deals * 10 * UNIT_PRICE;
  expectOutcome('won revenue in the metrics', await kpiOf(system, 'org', 'wonRevenue'), revenue);
};
