import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';
import { Drill } from './drill.ts';

const SERVICES = ['team', 'deals', 'metrics', 'goals'] as const;

describe('a relay that does not keep up', () => {
  let drill: Drill;
  let sales: SalesOrganization;
  let alarms: readonly string[];
  beforeAll(async () => {
    drill = await Drill.start();
    alarms = await drill.alarms('relay-lag');
    sales = await salesOrganization(drill.run);
  });
  afterAll(async () => {
    await drill.run.stop();
  });
  const wonDeals = async () => {
    const year = new Date().toISOString().slice(0, 4);
    return (await drill.run.request('GET', `/v1/metrics?scope=org&period=${year}&kpis=wonDeals`)).body;
  };

  it('raises the alarm of its service when events have waited three minutes', async () => {
    for (const service of ['metrics', 'goals'])
      await drill.fault({ function: `${service}-relay`, fault: 'error' });
    await winDeal(drill.run, sales.repId, 'Trattoria Roma', 50_000);
    await create(drill.run, '/v1/goals', {
      name: 'Pasta month',
      scope: 'org',
      kpi: 'wonRevenue',
      period: new Date().toISOString().slice(0, 7),
      target: { amount: 1_000_000, currency: 'USD' },
      milestones: [50, 100],
    });
    await drill.untilQueuesAreEmpty();
    for (const service of ['team', 'deals'])
      await drill.fault({ function: `${service}-relay`, fault: 'error' });
    await create(drill.run, '/v1/teams', { name: 'Southwest' });
    await winDeal(drill.run, sales.repId, 'Osteria Vespero', 70_000);
    await drill.minutes(5);
    expect(await drill.raised()).toEqual(expect.arrayContaining([...alarms]));
    expect(alarms).toHaveLength(SERVICES.length);
  });

  it('is found by the runbook’s commands', async () => {
    const health = await drill.follow('relay-lag', 'health', {}, 1);
    for (const service of SERVICES)
      expect(health).toMatch(new RegExp(`! +function +${service}-relay .*[1-9]\\d* s behind its stream`));
  });

  it('catches up by itself once it works, and nothing is missing', async () => {
    for (const service of SERVICES) await drill.fault({ function: `${service}-relay`, fault: null });
    await drill.run.idle();
    await drill.minutes(4);
    expect(await drill.raised()).toEqual([]);
    expect(await wonDeals()).toMatchObject({ kpis: { wonDeals: { value: 2 } } });
  });
});
