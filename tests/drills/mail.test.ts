import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, salesOrganization, winDeal, type SalesOrganization } from '../support/sales-organization.ts';
import { Drill } from './drill.ts';

/** SES’s addresses for trying out: mail to the first comes back, mail to the second is reported as spam. */
const BOUNCES = 'bounce@simulator.amazonses.com';
const COMPLAINS = 'complaint@simulator.amazonses.com';

describe('mail that does not arrive', () => {
  let drill: Drill;
  let sales: SalesOrganization;
  beforeAll(async () => {
    drill = await Drill.start();
    sales = await salesOrganization(drill.run);
  });
  afterAll(async () => {
    await drill.run.stop();
  });
  const goal = (name: string) =>
    create(drill.run, '/v1/goals', {
      name,
      scope: `rep:${sales.repId}`,
      kpi: 'wonRevenue',
      period: new Date().toISOString().slice(0, 7),
      target: { amount: 1_000_000, currency: 'USD' },
      milestones: [50, 100],
    });
  const mailAddress = async (memberId: string, email: string) => {
    const changed = await drill.run.request('PATCH', `/v1/members/${memberId}`, { email });
    expect(changed.status).toBe(200);
    await drill.run.idle();
  };

  it('is all drilled', async () => {
    expect(await drill.alarms('mail')).toEqual(['mail-bounces', 'mail-complaints', 'mail-failures']);
  });

  it('raises an alarm when SES refuses it for good, and the ledger says so', async () => {
    const goalId = await goal('Pasta month');
    await drill.fault({ mail: 'reject' });
    await drill.minutes(1);
    await winDeal(drill.run, sales.repId, 'Trattoria Roma', 600_000);
    await drill.run.idle();
    await drill.minutes(1);
    expect(await drill.raised()).toEqual(['mail-failures']);
    expect(await drill.runbooks()).toEqual({ 'mail-failures': 'mail-failures.md' });
    await drill.follow('mail-failures', 'health', {}, 1);
    const alerts = await drill.run.request('GET', `/v1/goals/${goalId}/alerts`);
    expect(JSON.stringify(alerts.body)).toContain('MessageRejected');
  });

  it('clears when SES takes mails again', async () => {
    await drill.fault({ mail: null });
    await drill.minutes(2);
    expect(await drill.raised()).toEqual([]);
  });

  it('raises the alarms of the sender’s reputation when it bounces or is reported as spam', async () => {
    await mailAddress(sales.managerId, BOUNCES);
    await mailAddress(sales.repId, COMPLAINS);
    await goal('Ravioli month');
    await drill.run.idle();
    await winDeal(drill.run, sales.repId, 'Osteria Vespero', 600_000);
    await drill.run.idle();
    await drill.minutes(1);
    expect(await drill.raised()).toEqual(['mail-bounces', 'mail-complaints']);
    expect(new Set(Object.values(await drill.runbooks()))).toEqual(new Set(['mail-reputation.md']));
    await drill.follow('mail-reputation', 'health', {}, 1);
  });

  it('clears once the addresses are right and the old mails have passed', async () => {
    await mailAddress(sales.managerId, sales.managerEmail);
    await mailAddress(sales.repId, sales.repEmail);
    await drill.minutes(5 * 60);
    expect(await drill.raised()).toEqual([]);
  });
});
