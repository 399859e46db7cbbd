import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { startSystem, type System } from '../../support/system.ts';
import { create, salesOrganization, type SalesOrganization } from '../../support/sales-organization.ts';

const Progress = z.object({ value: z.number().nullable(), percent: z.number().nullable() });

describe('a won deal reaches the goals and the inbox of those it concerns', () => {
  let run: System;
  let sales: SalesOrganization;
  let goalId: string;
  let dealId: string;
  const month = new Date().toISOString().slice(0, 7);

  /** Without the invitation that everyone got when they were added. */
  const mailsTo = async (address: string) =>
    (await run.mail()).filter(({ to, subject }) => to.includes(address) && !subject.includes('invitation'));
  const progress = async () =>
    Progress.parse((await run.request('GET', `/v1/goals/${goalId}/progress`)).body);

  beforeAll(async () => {
    run = await startSystem();
    sales = await salesOrganization(run);
    goalId = await create(run, '/v1/goals', {
      name: 'Marco’s pasta month',
      scope: `rep:${sales.repId}`,
      kpi: 'wonRevenue',
      period: month,
      target: { amount: 1_000_000, currency: 'USD' },
      milestones: [50, 75, 100],
    });
    await run.idle();
  });
  afterAll(async () => {
    await run.stop();
  });

  it('mails once for three milestones crossed in one jump, and says all three', async () => {
    dealId = await create(run, '/v1/deals', {
      name: 'Trattoria Roma, yearly supply',
      ownerId: sales.repId,
      amount: { amount: 1_250_000, currency: 'USD' },
    });
    // Where both are counted at once by two functions, the one that knows of the opening alone may tell of the crossing.
    await run.idle();
    expect((await run.request('POST', `/v1/deals/${dealId}/win`, {})).status).toBe(200);
    await run.idle();
    const mails = await mailsTo(sales.managerEmail);
    expect(mails).toHaveLength(1);
    for (const part of [mails[0]?.text, mails[0]?.html]) {
      expect(part).toContain('50');
      expect(part).toContain('75');
      expect(part).toContain('100');
      expect(part).toContain('$12,500');
      expect(part).toContain('Trattoria Roma, yearly supply');
    }
    expect(await mailsTo(sales.repEmail)).toHaveLength(1);
    expect(await progress()).toMatchObject({ value: 1_250_000, percent: 125 });
  });

  it('reaches the counters of the rep, the team and the organization alike', async () => {
    for (const scope of ['org', `team:${sales.teamId}`, `rep:${sales.repId}`]) {
      const response = await run.request(
        'GET',
        `/v1/metrics?scope=${scope}&period=${month}&kpis=wonRevenue,wonDeals`,
      );
      expect(response.body).toMatchObject({
        kpis: { wonRevenue: { value: 1_250_000 }, wonDeals: { value: 1 } },
      });
    }
  });

  it('mails nothing when the event comes again', async () => {
    const before = await run.mail();
    await run.events([
      {
        source: 'quotaline.deals',
        detailType: 'DealWon.v1',
        detail: await run.lastEvent('DealWon.v1'),
      },
    ]);
    await run.idle();
    expect(await run.mail()).toHaveLength(before.length);
    expect(await progress()).toMatchObject({ value: 1_250_000 });
  });

  it('sends one correction when a refund takes the goal below a milestone', async () => {
    const before = (await mailsTo(sales.managerEmail)).length;
    const refund = await run.request('POST', `/v1/deals/${dealId}/adjustments`, {
      kind: 'refund',
      amount: { amount: -450_000, currency: 'USD' },
      at: new Date().toISOString(),
      reason: 'Two pallets came back',
    });
    expect(refund.status).toBe(200);
    await run.idle();
    const mails = await mailsTo(sales.managerEmail);
    expect(mails).toHaveLength(before + 1);
    expect(mails.at(-1)?.text).toContain('Trattoria Roma, yearly supply');
    expect(await progress()).toMatchObject({ value: 800_000, percent: 80 });
  });

  it('tells the ledger what was sent to whom', async () => {
    const response = await run.request('GET', `/v1/goals/${goalId}/alerts`);
    const { items } = z
      .object({ items: z.array(z.object({ direction: z.string(), state: z.string() })) })
      .parse(response.body);
    expect(items).toHaveLength(2);
    expect(items.every((alert) => alert.state === 'sent')).toBe(true);
  });

  it('takes a reopened deal out of the counters and the goal', async () => {
    const reopened = await run.request('POST', `/v1/deals/${dealId}/reopen`, {
      reason: 'The contract was not signed',
    });
    expect(reopened.status).toBe(200);
    await run.idle();
    expect(await progress()).toMatchObject({ value: 0 });
    const metrics = await run.request('GET', `/v1/metrics?scope=org&period=${month}&kpis=wonDeals,openDeals`);
    expect(metrics.body).toMatchObject({ kpis: { wonDeals: { value: 0 }, openDeals: { value: 1 } } });
  });

  it('leaves nothing in a dead-letter queue', async () => {
    expect(await run.deadLetters()).toEqual([]);
  });
});
